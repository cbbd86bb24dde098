// What the scripts of all systems know of the targets: ci/scripts/delivery.py reads it.
function(envs)
  local speaking = [env for env in std.objectValues(envs) if std.objectHas(env, 'pipelines')];
  if speaking == [] then null else {
    platform: speaking[0].pipelines.platform,
    environments: speaking[0].pipelines.targets,
  }
