function(env, service) {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: service.name },
  spec: {
    serviceName: service.name,
    volumeClaimTemplates: [
      { metadata: { name: name }, spec: { resources: { requests: { storage: service.volumes[name].size } } } }
      for name in std.objectFields(service.volumes)
    ],
  },
}
