function(env) std.objectHas(env.terraform, 'shared')
