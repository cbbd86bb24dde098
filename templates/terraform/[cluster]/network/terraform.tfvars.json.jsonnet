function(env, cluster) cluster.terraform.network.variables
