local objects = import '../../../_lib/objects.libsonnet';

function(env) objects.base(env, 'platform', 'configmap')
