function(env, service) {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  metadata: { name: service.name },
  spec: { template: { spec: { containers: [{ name: 'web', image: service.image }] } } },
}
