local terraform = import '../../_lib/terraform.libsonnet';

function(env) terraform.main(env.terraform.bootstrap)
