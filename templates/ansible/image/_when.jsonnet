// Images are for pools on EKS whose kernel is told something before it starts.
function(env) std.any([std.objectHas(cluster, 'ansible') && cluster.ansible.images != {} for cluster in std.objectValues(env.clusters)])
