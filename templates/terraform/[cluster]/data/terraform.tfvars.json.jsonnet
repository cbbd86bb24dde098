function(env, cluster) cluster.terraform.data.variables
