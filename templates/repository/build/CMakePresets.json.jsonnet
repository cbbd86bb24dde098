// What compilers are told, and why, stands in docs/build.md: JSON has no comments.
local pipeline = import '../../_lib/pipeline.libsonnet';
local presets = import '../../_lib/presets.libsonnet';

function(envs)
  local env = pipeline.source(envs, 'build');
  local build = env.build;
  {
    version: 6,
    cmakeMinimumRequired: build.cmake,
    configurePresets:
      [presets.base(build)]
      + [presets.platform(build, build.targets[name]) for name in std.objectFields(build.targets)]
      + [presets.variant(name, build.variants[name]) for name in build.presets]
      + [presets.configure(env, preset) for preset in build.matrix],
    buildPresets: [presets.build(build, preset) for preset in build.matrix],
    testPresets: [presets.test(build, preset) for preset in build.matrix],
    packagePresets: [presets.package(build, preset) for preset in build.matrix if preset.packaged],
    workflowPresets: [presets.workflow(build, preset) for preset in build.matrix],
  }
