// An environment has the modules of its own clouds.
function(env) std.member(env.terraform.clouds, 'azure')
