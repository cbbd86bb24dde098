// Hosts of our own, and images for pools whose kernel is told something. Managed nodes are replaced, never configured.
function(env) std.any([std.objectHas(cluster, 'ansible') for cluster in std.objectValues(env.clusters)])
