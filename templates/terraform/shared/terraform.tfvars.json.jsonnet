function(env) env.terraform.shared.variables
