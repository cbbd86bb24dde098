// An environment has the modules of its own clouds.
function(env) std.objectHas(env, 'terraform') && std.member(env.terraform.clouds, 'aws')
