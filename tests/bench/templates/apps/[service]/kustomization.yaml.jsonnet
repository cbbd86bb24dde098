function(env, service) {
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  namespace: env.kubernetes.namespace,
  resources: [
    name + '.yaml'
    for name in [
      'configmap',
      'deployment',
      'horizontalpodautoscaler',
      'networkpolicy',
      'poddisruptionbudget',
      'prometheusrule',
      'service',
      'serviceaccount',
      'servicemonitor',
    ]
  ],
  labels: [{ pairs: { environment: env.environment }, includeSelectors: false }],
}
