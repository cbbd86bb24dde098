local pipeline = import '../../_lib/pipeline.libsonnet';

function(envs)
  local packaging = pipeline.source(envs, 'build').build.packaging;
  if !std.objectHas(packaging, 'vcpkg') then null else {
    'default-registry': { kind: 'builtin', baseline: packaging.vcpkg.baseline },
    'overlay-triplets': ['./triplets'],
  }
