function(env, cluster, service) { resources: ['../../../base/' + service.name] }
