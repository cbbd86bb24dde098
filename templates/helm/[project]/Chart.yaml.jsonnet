function(env) {
  apiVersion: 'v2',
  name: env.project,
  description: '%s in %s' % [env.project, env.environment],
  type: 'application',
  version: '0.1.0',
  '#kubeVersion': "A pod's wait before its end is Kubernetes' own from this version on.",
  kubeVersion: '>=1.30.0-0',
}
