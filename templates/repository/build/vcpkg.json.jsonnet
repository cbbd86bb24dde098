local pipeline = import '../../_lib/pipeline.libsonnet';

function(envs)
  local env = pipeline.source(envs, 'build');
  local packaging = env.build.packaging;
  if !std.objectHas(packaging, 'vcpkg') then null else {
    [if std.objectHas(packaging.vcpkg, 'name') then 'name']: packaging.vcpkg.name,
    [if std.objectHas(env.build, 'version') then 'version']: env.build.version,
    dependencies: [package.name for package in packaging.requires],
    // Versions are exactly the spec's; what these need themselves is the baseline's.
    overrides: packaging.requires,
  }
