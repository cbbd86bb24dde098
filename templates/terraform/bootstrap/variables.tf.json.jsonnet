local terraform = import '../../_lib/terraform.libsonnet';

function(env) terraform.variables(env.terraform.bootstrap)
