local objects = import '../../../../_lib/objects.libsonnet';

function(env, cluster, service) objects.overlay(cluster, service.name, 'certificate')
