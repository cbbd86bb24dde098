// CMake presets, from the facts of the section `build`.
{
  local presets = self,

  // Hidden: what all presets share.
  base(build):: {
    name: 'base',
    hidden: true,
    binaryDir: '${sourceDir}/build/${presetName}',
    // A project without C is told C's flags in vain.
    warnings: { unusedCli: false },
    installDir: '${sourceDir}/build/${presetName}/install',
    cacheVariables: {
      CMAKE_CXX_STANDARD: '%d' % build.standard,
      CMAKE_CXX_STANDARD_REQUIRED: 'ON',
      CMAKE_CXX_EXTENSIONS: 'OFF',
      CMAKE_EXPORT_COMPILE_COMMANDS: 'ON',
      // For sources that are fetched: CMake 4 refuses those that ask for less.
      CMAKE_POLICY_VERSION_MINIMUM: build.policy,
    } + (if build.cache == 'none' then {} else {
           CMAKE_C_COMPILER_LAUNCHER: build.cache,
           CMAKE_CXX_COMPILER_LAUNCHER: build.cache,
         }),
    [if build.cache == 'ccache' then 'environment']: {
      // Checkouts in different folders share their objects, and an updated compiler of the same date does not.
      CCACHE_BASEDIR: '${sourceDir}',
      CCACHE_NOHASHDIR: '1',
      CCACHE_COMPILERCHECK: 'content',
    },
  },

  // Hidden: what all presets of a platform share.
  platform(build, target)::
    local variables = presets.compilers(build, target) + presets.chain(build, target);
    {
      name: target.name,
      hidden: true,
      displayName: target.title,
      condition: presets.onHost(target),
      generator: target.generator,
      [presets.toolchainField(build, target)]: presets.toolchain(build, target),
      [if variables != {} then 'cacheVariables']: variables,
      [if target.name == 'windows' then 'architecture']: { value: 'x64', strategy: 'external' },
      [if target.name == 'windows' then 'toolset']: { value: 'host=x64', strategy: 'external' },
    },

  onHost(target):: { type: 'equals', lhs: '${hostSystemName}', rhs: target.system },

  // The package manager's toolchain file includes ours; without one ours is CMake's.
  toolchainField(build, target):: if build.packages == 'none' && target.image == '' then null else 'toolchainFile',
  toolchain(build, target)::
    if build.packages == 'conan' then '${sourceDir}/build/${presetName}/generators/conan_toolchain.cmake'
    else if build.packages == 'vcpkg' then '$env{VCPKG_ROOT}/scripts/buildsystems/vcpkg.cmake'
    else presets.own(target),
  own(target):: '${fileDir}/toolchains/%s.cmake' % target.name,
  chain(build, target)::
    if build.packages == 'vcpkg' && target.image != '' then { VCPKG_CHAINLOAD_TOOLCHAIN_FILE: presets.own(target) } else {},

  // Linux's compilers are looked for, and their version is checked, by our toolchain file.
  compilers(build, target)::
    if target.image != '' then {} else { CMAKE_C_COMPILER: target.compiler.c, CMAKE_CXX_COMPILER: target.compiler.cxx },

  // Hidden: what all presets of a variant share.
  variant(name, variant):: {
    name: name,
    hidden: true,
    displayName: variant.title,
    description: variant.purpose,
    cacheVariables: { CMAKE_BUILD_TYPE: variant.buildType },
  },

  configure(env, preset)::
    local build = env.build;
    local config = std.asciiUpper(preset.buildType);
    local flags = preset.flags;
    {
      name: preset.preset,
      displayName: '%s, %s' % [build.targets[preset.target].title, preset.title],
      description: build.variants[preset.variant].purpose,
      inherits: [preset.variant, preset.target, 'base'],
      cacheVariables: {
        CMAKE_C_FLAGS: std.join(' ', flags.cpu),
        CMAKE_CXX_FLAGS: std.join(' ', flags.cpu),
        ['CMAKE_C_FLAGS_' + config]: std.join(' ', flags.c),
        ['CMAKE_CXX_FLAGS_' + config]: std.join(' ', flags.cxx),
        CMAKE_EXE_LINKER_FLAGS: std.join(' ', flags.link),
        CMAKE_SHARED_LINKER_FLAGS: std.join(' ', flags.shared),
        CMAKE_MODULE_LINKER_FLAGS: std.join(' ', flags.shared),
        BUILD_TESTING: if preset.benchmarks then 'OFF' else 'ON',
        BUILD_BENCHMARKS: if preset.benchmarks then 'ON' else 'OFF',
        [if preset.lto then 'CMAKE_INTERPROCEDURAL_OPTIMIZATION']: 'ON',
        [if build.packages == 'vcpkg' && preset.image != '' then 'VCPKG_TARGET_TRIPLET']: preset.triplet,
        [if std.objectHas(build, 'version') then 'BUILD_VERSION']: build.version,
      } + (if preset.packaged then presets.packed(env, preset) else {}),
    },

  // Read by include(CPack).
  packed(env, preset)::
    local versions = if std.objectHas(env.build, 'version') then [env.build.version] else [];
    {
      CPACK_PACKAGE_NAME: env.project,
      [if versions != [] then 'CPACK_PACKAGE_VERSION']: env.build.version,
      CPACK_PACKAGE_FILE_NAME: std.join('-', [env.project] + versions + [preset.target]),
      CPACK_PACKAGE_CHECKSUM: 'SHA256',
    },

  // What build, test and package presets begin with.
  following(build, preset):: {
    name: preset.preset,
    configurePreset: preset.preset,
    condition: presets.onHost(build.targets[preset.target]),
  },

  build(build, preset):: presets.following(build, preset),

  test(build, preset):: presets.following(build, preset) {
    output: { outputOnFailure: true, outputJUnitFile: '${sourceDir}/build/${presetName}/junit.xml' },
    // A suite that has lost its tests is not green. Benchmarks run alone: two at a time measure each other.
    execution: { noTestsAction: 'error' } + (if preset.benchmarks then { jobs: 1 } else {}),
    filter: if preset.benchmarks then { include: { label: '^benchmark$' } } else { exclude: { label: '^benchmark$' } },
    [if preset.sanitizer != '' then 'environment']: presets.sanitizer(preset),
  },

  // What a sanitizer's run time is told: the first report ends the program.
  sanitizer(preset):: {
    address: {
      ASAN_OPTIONS: std.join(':', ['strict_string_checks=1', 'check_initialization_order=1']
                                  // Leaks are looked for by default on Linux, and cannot be on the others.
                                  + (if preset.image != '' then ['detect_stack_use_after_return=1'] else [])),
    },
    undefined: { UBSAN_OPTIONS: 'print_stacktrace=1' },
    thread: { TSAN_OPTIONS: 'halt_on_error=1:second_deadlock_stack=1' },
  }[preset.sanitizer],

  package(build, preset):: presets.following(build, preset) {
    generators: ['TGZ'],
    packageDirectory: '${sourceDir}/build/${presetName}/packages',
  },

  workflow(build, preset):: {
    name: preset.preset,
    steps: [
      { type: step, name: preset.preset }
      for step in ['configure', 'build', 'test'] + (if preset.packaged then ['package'] else [])
    ],
  },
}
