function(env) std.objectHas(env.terraform, 'bootstrap')
