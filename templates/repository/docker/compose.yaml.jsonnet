local compose = import '../../_lib/compose.libsonnet';

function(envs)
  local platform = compose.platform(envs);
  if platform == null then null else compose.file(platform)
