// Variables of eks.pkr.hcl for one pool.
function(env, cluster, pool) std.get(std.get(cluster, 'ansible', { images: {} }).images, pool.name)
