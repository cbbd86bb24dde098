function(envs) [env for env in std.objectValues(envs) if std.objectHas(env, 'pipelines')] != []
