function(env, cluster) cluster.terraform.cluster.variables
