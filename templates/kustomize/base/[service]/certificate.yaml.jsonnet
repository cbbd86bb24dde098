local objects = import '../../../_lib/objects.libsonnet';

function(env, service) objects.base(env, service.name, 'certificate')
