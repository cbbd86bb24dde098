local compose = import '../../../../../_lib/compose.libsonnet';

function(envs)
  local platform = compose.platform(envs);
  if platform == null then null else {
    apiVersion: 1,
    datasources: [{
      name: 'Prometheus',
      uid: 'prometheus',
      type: 'prometheus',
      access: 'proxy',
      url: 'http://%s:9090' % platform.monitoring.names.prometheus,
      isDefault: true,
      editable: false,
    }],
  }
