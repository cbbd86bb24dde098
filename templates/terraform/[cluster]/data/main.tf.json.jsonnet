local terraform = import '../../../_lib/terraform.libsonnet';

function(env, cluster) terraform.main(cluster.terraform.data)
