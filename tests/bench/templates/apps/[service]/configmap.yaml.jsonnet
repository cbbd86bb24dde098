local objects = import '../../_lib/objects.libsonnet';

function(env, service) objects.object(env, service, 'v1', 'ConfigMap', {
  data: { [name]: service.files[name].content for name in std.objectFields(service.files) },
})
