// What the pipelines of all systems share: facts/pipelines/ describes the jobs, each system's library gives them its shape.
{
  local pipeline = self,

  // The environment whose sections hold for `build` or for a CI system; null where nobody asks for it.
  source(envs, subject)::
    local speaking = [env for env in std.objectValues(envs) if std.member(env.speaksFor, subject)];
    if speaking == [] then null else speaking[0],

  // The pipelines as the environment has them that speaks for a CI system; null where nobody asks for that system.
  find(envs, system)::
    local env = pipeline.source(envs, system);
    if env == null then null else env.pipelines,

  // Whose merge requests the platform's repository has.
  system(facts):: if std.findSubstr('github', facts.platform.host) != [] then 'github' else 'gitlab',

  // The Argo CDs of a target.
  servers(facts, environment):: [each for each in facts.targets if each.name == environment][0].servers,

  // `linux/amd64` as a word.
  word(text):: std.strReplace(text, '/', '-'),

  // The job of a name.
  job(facts, name):: [job for job in facts.jobs if job.name == name][0],

  // Whether a job exists whenever another does.
  covers(needed, job):: std.setDiff(std.set(job.on), std.set(needed.on)) == [],

  // The image that a job runs in.
  image(facts, job):: facts.images[job.tool],

  // The runners that a job's runs need, each once.
  runners(job):: std.set([run.runner for run in job.runs]),

  // What only scripts know: whose compiler cache it is, where Conan keeps packages.
  caching(facts, home):: {
    [if facts.cache == 'ccache' then 'CCACHE_DIR']: home + '/.cache/ccache',
    [if facts.cache == 'ccache' then 'CCACHE_BASEDIR']: home,
    [if facts.cache == 'ccache' then 'CCACHE_MAXSIZE']: '2G',
    [if facts.cache == 'sccache' then 'SCCACHE_DIR']: home + '/.cache/sccache',
    [if facts.packages == 'conan' then 'CONAN_HOME']: home + '/.cache/conan',
    [if facts.packages == 'vcpkg' then 'VCPKG_DEFAULT_BINARY_CACHE']: home + '/.cache/vcpkg',
  },

  // Whether anything is cached at all.
  cached(facts):: facts.cache != 'none' || facts.packages != 'none',
}
