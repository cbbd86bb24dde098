// GitLab's shape of the jobs that facts/pipelines/ describes.
local pipeline = import 'pipeline.libsonnet';

{
  local gitlab = self,

  // When a job runs, as conditions. A schedule is no push, though it has the same branch.
  events:: {
    merge: '$CI_PIPELINE_SOURCE == "merge_request_event"',
    nightly: '$CI_PIPELINE_SOURCE == "schedule"',
    main: '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $CI_PIPELINE_SOURCE != "schedule"',
    // Protected: only who may release can push such a tag, and only such a pipeline gets the tokens for production.
    release: '$CI_COMMIT_TAG =~ /^v[0-9]+[.][0-9]+[.][0-9]+$/ && $CI_COMMIT_REF_PROTECTED == "true"',
  },

  workflow:: {
    '#auto_cancel': 'A newer commit ends what the older one is still testing, and nothing that publishes or delivers.',
    auto_cancel: { on_new_commit: 'interruptible' },
    rules: [{ 'if': gitlab.events[event] } for event in ['merge', 'nightly', 'main', 'release']],
  },

  // What the runner did wrong is tried again, what the job did wrong is not: a test that fails twice in three is a bug.
  default:: {
    interruptible: true,
    retry: { max: 2, when: ['runner_system_failure', 'stuck_or_timeout_failure', 'scheduler_failure', 'api_failure'] },
  },

  variables(facts):: {
    REVISION: '$CI_COMMIT_SHA',
    VERSION: '$CI_COMMIT_TAG',
    GIT_DEPTH: '20',
    PLATFORM_SYSTEM: pipeline.system(facts),
  } + (if facts.registry == null then {} else {
         REGISTRY: facts.registry.path,
         '#DOCKER_CONFIG': 'Beside the checkout, where no image and no artifact can pick it up.',
         DOCKER_CONFIG: '$CI_PROJECT_DIR.tmp/docker',
         '#SIGNER': "Whose signature counts: this project's pipelines, on its default branch.",
         SIGNER: '^$CI_PROJECT_URL//.*@refs/heads/$CI_DEFAULT_BRANCH$',
         ISSUER: if facts.oidc == null then '$CI_SERVER_URL' else facts.oidc.issuer,
       }) + pipeline.caching(facts, '$CI_PROJECT_DIR'),

  // All jobs by name, a hidden one before those that extend it.
  jobs(facts):: std.foldl(function(made, job) made + gitlab.write(facts, job), facts.jobs, {}),

  // The names under which a job stands in GitLab: one for each platform that needs runners of its own.
  names(job)::
    local runners = pipeline.runners(job);
    if std.length(runners) < 2 then [job.name] else [gitlab.split(job, runner) for runner in runners],
  split(job, runner):: '%s:%s' % [job.name, pipeline.word(runner)],

  write(facts, job)::
    local runners = pipeline.runners(job);
    if job.paired != '' then gitlab.writePairs(facts, job)
    else if std.length(runners) < 2 then {
      ['#' + job.name]: job.reason,
      [job.name]: gitlab.shape(facts, job, job.runs, if runners == [] then job.runner else runners[0]),
    } else {
      ['#.' + job.name]: job.reason,
      ['.' + job.name]: gitlab.body(facts, job),
    } + {
      [gitlab.split(job, runner)]: { extends: '.' + job.name }
                                   + gitlab.place(facts, [run for run in job.runs if run.runner == runner], runner)
      for runner in runners
    },

  // One job for each run of the job before it: it needs that run's files and no other's.
  writePairs(facts, job)::
    local other = pipeline.job(facts, job.paired);
    local several = std.length(pipeline.runners(other)) > 1;
    {
      ['#.' + job.name]: job.reason,
      ['.' + job.name]: gitlab.body(facts, job { needs: [], paired: '' }),
    } + {
      ['%s:%s' % [job.name, run.name]]: {
        extends: '.' + job.name,
        variables: run.variables,
        tags: gitlab.tags(facts, run.runner),
        needs: [{
          job: if several then gitlab.split(other, run.runner) else other.name,
          parallel: { matrix: [run.variables] },
        }],
      }
      for run in job.runs
    },

  shape(facts, job, runs, runner):: gitlab.body(facts, job) + gitlab.place(facts, runs, runner),

  // Where it runs, and its parallel runs.
  place(facts, runs, runner)::
    local names = if runs == [] then [] else std.objectFields(runs[0].variables);
    {
      tags: gitlab.tags(facts, runner),
      [if runs != [] then 'parallel']: {
        matrix: if std.length(names) == 1 then [{ [names[0]]: [run.variables[names[0]] for run in runs] }]
        else [run.variables for run in runs],
      },
    },

  tags(facts, runner)::
    local wanted = if runner == '' then 'linux/amd64' else runner;
    if std.objectHas(facts.runners, wanted) then facts.runners[wanted] else [pipeline.word(wanted)],

  body(facts, job):: {
    stage: job.stage,
    image: { name: pipeline.image(facts, job), entrypoint: [''] },
    rules: [gitlab.rule(job, event) for event in job.on],
    [if gitlab.needs(facts, job) != null then 'needs']: gitlab.needs(facts, job),
    [if job.needs != [] && gitlab.waits(facts, job) then 'dependencies']: gitlab.dependencies(facts, job),
    [if gitlab.own(facts, job) != {} then 'variables']: gitlab.own(facts, job),
    [if job.name == 'assemble' then 'services']: [{
      '#name': 'BuildKit without root and without a Docker daemon; it ends with the job.',
      name: facts.images.buildkit,
      alias: 'buildkit',
      command: ['--addr', 'tcp://0.0.0.0:1234', '--oci-worker-no-process-sandbox'],
    }],
    [if gitlab.before(facts, job) != [] then 'before_script']: gitlab.before(facts, job),
    script: job.script,
    timeout: '%d minutes' % job.minutes,
    [if job.lasting then 'interruptible']: false,
    [if job.exclusive != '' then 'resource_group']: job.exclusive,
    [if job.patient then 'allow_failure']: { exit_codes: [facts.frozen] },
    [if job.caches && pipeline.cached(facts) then 'cache']: gitlab.cache(facts),
    [if job.keeps != [] then 'artifacts']: gitlab.artifacts(job),
    [if gitlab.idTokens(facts, job) != {} then 'id_tokens']: gitlab.idTokens(facts, job),
    [if gitlab.secrets(facts, job) != {} then 'secrets']: gitlab.secrets(facts, job),
    [if job.environment != '' then 'environment']: gitlab.environment(facts, job),
  },

  rule(job, event):: { 'if': gitlab.events[event] } + (
    if !job.approval then {}
    // A way back that nobody takes holds up nothing.
    else { when: 'manual', [if std.endsWith(job.name, ':rollback') then 'allow_failure']: true }
  ),

  // How many jobs GitLab lets one job need, each run of a matrix counted.
  most:: 50,

  // Null: it waits for all earlier stages, which is what a first stage does, and one that would need too many.
  needs(facts, job):: if job.needs == [] then (if job.stage == facts.stages[0] then null else [])
  else if gitlab.waits(facts, job) then null else [
    { job: name, artifacts: gitlab.takes(job) && gitlab.hands(needed) }
    + (if pipeline.covers(needed, job) then {} else { optional: true })
    for needed in gitlab.needed(facts, job)
    for name in gitlab.written(needed)
  ],

  needed(facts, job):: [pipeline.job(facts, need) for need in job.needs],
  written(needed):: if needed.paired == '' then gitlab.names(needed) else ['%s:%s' % [needed.name, run.name] for run in needed.runs],
  waits(facts, job):: std.foldl(function(count, needed) count + std.max(1, std.length(needed.runs)), gitlab.needed(facts, job), 0) > gitlab.most,

  // Whether a job hands on what was made of images; of all else nobody after it has any use.
  hands(needed):: [path for path in needed.keeps if std.startsWith(path, 'images/')] != [],

  // Whether a job works on images: it makes, delivers, or vouches for them.
  takes(job):: gitlab.hands(job) || std.member(job.tokens, 'sigstore'),

  // Of all earlier jobs only those whose images it takes.
  dependencies(facts, job):: [name for needed in gitlab.needed(facts, job) if gitlab.hands(needed) for name in gitlab.written(needed)],

  own(facts, job):: job.variables
                    + (if job.history then { GIT_DEPTH: '0' } else {})
                    + (if gitlab.secrets(facts, job) == {} then {} else {
                         VAULT_SERVER_URL: facts.vault.address,
                         VAULT_AUTH_ROLE: gitlab.role(job),
                       }),

  before(facts, job)::
    (if std.member(job.tokens, 'registry') then ['python3 ci/scripts/login.py ' + facts.registry.host] else [])
    + (if job.name == 'assemble' then ['docker buildx create --use --name buildkit --driver remote tcp://buildkit:1234'] else [])
    + (if job.baseline != '' then ['python3 ci/scripts/baseline.py %s baseline.json' % job.baseline] else []),

  cache(facts)::
    (if facts.cache == 'none' then [] else [{
       '#key': "A branch begins with the default branch's cache, and writes its own.",
       key: '%s-$PRESET-$CI_COMMIT_REF_SLUG' % facts.cache,
       fallback_keys: ['%s-$PRESET-$CI_DEFAULT_BRANCH' % facts.cache],
       paths: ['.cache/%s/' % facts.cache],
       when: 'always',
     }]) + (if facts.packages == 'none' then [] else [{
              key: { prefix: '%s-$PRESET' % facts.packages, files: gitlab.locks[facts.packages] },
              paths: ['.cache/%s/' % facts.packages],
            }]),
  locks:: { conan: ['conan.lock', 'conanfile.py'], vcpkg: ['vcpkg.json', 'vcpkg-configuration.json'] },

  artifacts(job):: {
    paths: job.keeps,
    expire_in: '%d days' % job.days,
    when: if job.junit != [] || job.sarif != '' then 'always' else 'on_success',
    [if job.name == 'build' then 'exclude']: ['build/**/*.o'],
    [if job.junit != [] || job.sboms != [] then 'reports']: {
      [if job.junit != [] then 'junit']: job.junit,
      [if job.sboms != [] then 'cyclonedx']: job.sboms,
    },
  },

  // Tokens of the job itself, each for one reader. Nothing is stored that could be stolen.
  idTokens(facts, job)::
    local tokens = job.tokens;
    {
      [if std.member(tokens, 'sigstore') then 'SIGSTORE_ID_TOKEN']: { aud: 'sigstore' },
      [if std.member(tokens, 'registry') && facts.registry.audience != '' then 'ID_TOKEN']: { aud: facts.registry.audience },
      [if std.member(tokens, 'registry') && facts.registry.login == 'google' then 'ID_TOKEN']: {
        aud: 'https://iam.googleapis.com/$REGISTRY_PROVIDER',
      },
      [if gitlab.secrets(facts, job) != {} then 'VAULT_ID_TOKEN']: { aud: facts.vault.address },
    },

  // What Vault gives for the job's token. Without Vault they are protected, masked variables of the project.
  secrets(facts, job):: if facts.vault == null then {} else std.foldl(function(all, token) all + gitlab.secret(facts, job, token), job.tokens, {}),
  secret(facts, job, token)::
    local read(path, field) = {
      vault: { engine: { name: 'kv-v2', path: facts.vault.mount }, path: '%s/%s' % [facts.vault.path, path], field: field },
      token: '$VAULT_ID_TOKEN',
      file: false,
    };
    // GitHub's registry knows GitHub's own tokens alone.
    if token == 'registry' && std.member(['password', 'github'], facts.registry.login) then {
      REGISTRY_USER: read('registry', 'user'),
      REGISTRY_PASSWORD: read('registry', 'password'),
    } else if token == 'platform' then { PLATFORM_TOKEN: read('platform/' + job.environment, 'token') }
    else if token == 'argocd' then {
      ['ARGOCD_AUTH_TOKEN' + server.suffix]: read('argocd/' + job.environment, server.field)
      for server in pipeline.servers(facts, job.environment)
    }
    else {},

  // The role that Vault gives a job: what it may read is no more than its kind of job needs.
  role(job):: 'pipelines-' + (
    if std.member(job.tokens, 'platform') then 'platform-' + job.environment
    else if std.member(job.tokens, 'argocd') then 'argocd-' + job.environment
    else 'registry'
  ),

  environment(facts, job)::
    local target = [each for each in facts.targets if each.name == job.environment][0];
    {
      name: job.environment,
      deployment_tier: target.tier,
      [if std.endsWith(job.name, ':smoke') || std.endsWith(job.name, ':integration') then 'action']: 'verify',
    },
}
