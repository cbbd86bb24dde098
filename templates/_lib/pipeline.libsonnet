// Pipelines of the trading system, from the sections `ci` and `build`.
{
  local pipeline = self,

  // The environment whose sections hold for `build` or for a CI system; null where nobody asks for it.
  source(envs, subject)::
    local speaking = [env for env in std.objectValues(envs) if std.member(env.speaksFor, subject)];
    if speaking == [] then null else speaking[0],

  // The names of the images that this system builds: what the services of all environments run from its registry.
  images(envs, registry)::
    local prefix = registry + '/';
    std.set([
      image.repository[std.length(prefix):]
      for env in std.objectValues(envs)
      for image in env.images
      if std.startsWith(image.repository, prefix)
    ]),

  // One job for each platform; the runner's tag is the architecture.
  matrix(build):: {
    parallel: { matrix: [{ PLATFORM: build.platforms }] },
    tags: ['$PLATFORM'],
  },

  gitlabBuild(build):: pipeline.matrix(build) {
    stage: 'build',
    image: build.container.builder,
    variables: { CCACHE_DIR: '$CI_PROJECT_DIR/.ccache' },
    cache: { key: 'build-$PLATFORM', paths: ['.ccache/', '.conan2/'] },
    script:
      (if build.packages == 'conan' then ['conan install . --output-folder=build --build=missing'] else [])
      + [
        "cmake -S . -B build -G '%s' -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_STANDARD=%s" % [build.generator, build.standard],
        'cmake --build build',
      ],
    artifacts: { paths: ['build/'], expire_in: '1 day' },
  },

  gitlabTest(build):: pipeline.matrix(build) {
    stage: 'test',
    image: build.container.builder,
    needs: [{ job: 'build', artifacts: true }],
    script: ['ctest --test-dir build --output-on-failure --output-junit junit.xml'],
    artifacts: { when: 'always', reports: { junit: 'build/junit.xml' }, expire_in: '1 week' },
  },

  gitlabImage(ci, names):: {
    stage: 'publish',
    image: 'docker:28',
    services: ['docker:28-dind'],
    parallel: { matrix: [{ SERVICE: names }] },
    '#rules': 'Merge requests build nothing that could be deployed.',
    rules: [
      { 'if': '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH' },
      { 'if': '$CI_COMMIT_TAG' },
    ],
    script: [
      'docker build --file docker/$SERVICE/Dockerfile --tag %s/$SERVICE:$CI_COMMIT_SHORT_SHA .' % ci.registry,
      'docker push %s/$SERVICE:$CI_COMMIT_SHORT_SHA' % ci.registry,
    ],
  },
}
