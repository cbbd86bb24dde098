function(env) env.terraform.bootstrap.variables
