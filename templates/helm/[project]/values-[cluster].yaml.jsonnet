function(env, cluster) {
  '#': 'What differs on %s from values.yaml.' % cluster.name,
  cluster: cluster.name,
} + env.chart.differences[cluster.name]
