function(env, cluster) if cluster.terraform == null then null else cluster.terraform.data
