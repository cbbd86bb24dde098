// Clusters of hosts alone: a cloud makes its clusters itself.
function(env) std.objectHas(env, 'inventory')
