function(env) {
  '#': 'The values of %s. Others: values-<cluster>.yaml.' % env.chart.cluster,
} + env.chart.values + {
  '#cluster': 'Lets in the objects that only this cluster has.',
  '#namespace': 'Helm makes no namespace of its own accord: --create-namespace, or create: true with a namespace that is new.',
  '#services': 'By name: replicas, image, resources, config (environment variables), host. Changed config rolls the pods.',
}
