// The root modules that pipelines handle, in the order in which they stand on one another.
function(envs)
  local speaking = [env for env in std.objectValues(envs) if std.objectHas(env, 'pipelines')];
  speaking[0].pipelines.roots
