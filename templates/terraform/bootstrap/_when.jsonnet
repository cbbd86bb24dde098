function(env) std.objectHas(env, 'terraform') && std.objectHas(env.terraform, 'bootstrap')
