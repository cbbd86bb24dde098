local objects = import '../../_lib/objects.libsonnet';

function(env, service) objects.object(env, service, 'v1', 'Service', {
  spec: {
    selector: objects.selector(service),
    ports: [
      { name: name, port: service.ports[name].port, targetPort: name, protocol: service.ports[name].protocol }
      for name in std.objectFields(service.ports)
    ],
  },
})
