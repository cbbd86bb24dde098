function(env, cluster) { cluster: cluster.name }
