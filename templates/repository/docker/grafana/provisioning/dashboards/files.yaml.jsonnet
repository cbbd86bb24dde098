local compose = import '../../../../../_lib/compose.libsonnet';

function(envs)
  local platform = compose.platform(envs);
  if platform == null then null else {
    apiVersion: 1,
    providers: [{
      name: platform.project,
      type: 'file',
      disableDeletion: true,
      allowUiUpdates: false,
      options: { path: '/var/lib/grafana/dashboards' },
    }],
  }
