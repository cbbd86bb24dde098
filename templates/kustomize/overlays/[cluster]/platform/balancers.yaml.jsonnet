local objects = import '../../../../_lib/objects.libsonnet';

function(env, cluster) objects.overlay(cluster, 'platform', 'balancers')
