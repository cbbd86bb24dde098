// GitHub's shape of the jobs that facts/pipelines/ describes.
local pipeline = import 'pipeline.libsonnet';

{
  local github = self,

  // What a job is called there: no colons.
  name(text):: std.strReplace(text, ':', '-'),

  // An action at its commit; the version is a comment for people and for tools that renew it.
  use(facts, action, with={}, own={}):: {
    '#uses': facts.actions[action].version,
    uses: facts.actions[action].uses,
    [if with != {} then 'with']: with,
  } + own,

  runners:: { 'linux/amd64': 'ubuntu-24.04', 'linux/arm64': 'ubuntu-24.04-arm', benchmark: ['self-hosted', 'benchmark'] },
  runner(facts, wanted)::
    local name = if wanted == '' then 'linux/amd64' else wanted;
    if std.objectHas(facts.runners, name) then facts.runners[name] else github.runners[name],

  // When a job runs, given what starts the workflow. Null: always.
  condition(job, events)::
    local on = [event for event in events if std.member(job.on, event)];
    local names = { merge: 'pull_request', main: 'push', nightly: 'schedule' };
    if on == events then null
    else std.join(' || ', ["github.event_name == '%s'" % names[event] for event in on]),

  // A machine of one's own runs no stranger's code.
  when(job, events)::
    if job.runner != 'benchmark' then github.condition(job, events)
    else "github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository",

  variables(facts):: {
    REVISION: '${{ github.sha }}',
    PLATFORM_SYSTEM: 'github',
  } + (if facts.registry == null then {} else {
         REGISTRY: facts.registry.path,
         [if facts.registry.audience != '' then 'REGISTRY_AUDIENCE']: facts.registry.audience,
         [if facts.registry.login == 'google' then 'REGISTRY_AUDIENCE']: 'https://iam.googleapis.com/${{ vars.REGISTRY_PROVIDER }}',
         TRIVY_IMAGE: facts.images.trivy,
         '#SIGNER': "Whose signature counts: this repository's workflows, on its default branch.",
         SIGNER: '^${{ github.server_url }}/${{ github.repository }}/[.]github/workflows/.*@refs/heads/${{ github.event.repository.default_branch }}$',
         '#ISSUER': 'GitHub signs the tokens of its jobs, whoever signs those of other systems.',
         ISSUER: 'https://token.actions.githubusercontent.com',
       }) + (if facts.vault == null then {} else {
               VAULT_SERVER_URL: facts.vault.address,
               VAULT_SECRETS: '%s/%s' % [facts.vault.mount, facts.vault.path],
             }),

  // One at a time for each branch; a newer commit of a pull request ends the older one's run. A night's run waits for
  // itself alone: of those that wait in a group, GitHub keeps only the last.
  concurrency(prefix):: {
    group: prefix + '-${{ github.event_name }}-${{ github.ref }}',
    'cancel-in-progress': "${{ github.event_name == 'pull_request' }}",
  },

  // The first steps of every job: what it talks to is recorded, and the checkout keeps no token.
  first(facts, job):: [
    github.use(facts, 'step-security/harden-runner', { 'egress-policy': 'audit' }, { name: 'Record where this job connects to' }),
    github.use(facts, 'actions/checkout', {
      'persist-credentials': false,
      [if job.history then 'fetch-depth']: 0,
    }, { name: 'Check out' }),
  ],

  buildx(facts)::
    github.use(facts, 'docker/setup-buildx-action', { 'driver-opts': 'image=' + facts.images.builder_engine }, { name: 'Set up BuildKit' }),

  cosign(facts):: github.use(facts, 'sigstore/cosign-installer', {}, { name: 'Install cosign' }),

  // The program that renders, at the version that rendered this.
  python(facts):: [
    github.use(facts, 'actions/setup-python', { 'python-version': '3.13' }, { name: 'Set up Python' }),
    { name: 'Install hftgen', run: 'python3 -m pip install --disable-pip-version-check "hftgen==$HFTGEN_VERSION"' },
  ],

  caches(facts, job):: [github.use(facts, 'actions/cache', {
    path: '.cache',
    key: "${{ runner.os }}-${{ runner.arch }}-${{ env.PRESET }}-${{ hashFiles('ci/builder.Dockerfile', 'conanfile.py', 'conan.lock', 'profiles/**', 'toolchains/**', 'vcpkg.json', 'vcpkg-configuration.json') }}-${{ github.sha }}",
    'restore-keys': |||
      ${{ runner.os }}-${{ runner.arch }}-${{ env.PRESET }}-${{ hashFiles('ci/builder.Dockerfile', 'conanfile.py', 'conan.lock', 'profiles/**', 'toolchains/**', 'vcpkg.json', 'vcpkg-configuration.json') }}-
      ${{ runner.os }}-${{ runner.arch }}-${{ env.PRESET }}-
    |||,
  }, { name: 'Restore the caches' })],

  upload(facts, name, paths, days, always):: github.use(facts, 'actions/upload-artifact', {
    name: name,
    path: std.join('\n', paths),
    'retention-days': days,
    'if-no-files-found': if always then 'warn' else 'error',
  }, { name: 'Keep ' + std.split(name, '-')[0], [if always then 'if']: '!cancelled()' }),

  download(facts, pattern):: github.use(facts, 'actions/download-artifact', {
    pattern: pattern,
    path: 'images',
    'merge-multiple': true,
  }, { name: 'Fetch what was made' }),

  // What a job may do, each right with its reason.
  permissions(facts, job)::
    local proves = std.member(job.tokens, 'sigstore')
                   || job.tokens != [] && (facts.vault != null || std.member(['aws', 'google', 'azure'], facts.registry.login));
    { contents: 'read' }
    + (if job.sarif != '' then github.right('security-events', 'write', 'what is found is shown beside the code') else {})
    + (if job.baseline != '' then github.right('actions', 'read', "the default branch's result is an artifact") else {})
    + (if proves then github.identity else {})
    + (if std.member(job.tokens, 'registry') && facts.registry.login == 'github' then github.packages else {}),
  right(name, level, reason):: { ['#' + name]: reason, [name]: level },
  identity:: github.right('id-token', 'write', 'the job proves who it is, and nothing has to be stored'),
  packages:: github.right('packages', 'write', 'the images lie there'),

  strategy(facts, job):: if job.runs == [] then {} else {
    strategy: {
      '#fail-fast': 'One run that fails says nothing of the others.',
      'fail-fast': false,
      matrix: { include: [run.variables { runner: github.runner(facts, run.runner), run: run.name } for run in job.runs] },
    },
  },

  env(job):: { [name]: '${{ matrix.%s }}' % name for name in std.objectFields(if job.runs == [] then {} else job.runs[0].variables) }
             + job.variables,

  // A job with the steps that are given.
  job(facts, job, events, needs, steps):: {
    name: if job.runs == [] then job.name else job.name + ' ${{ matrix.run }}',
    [if github.when(job, events) != null then 'if']: github.when(job, events),
    [if needs != [] then 'needs']: needs,
    'runs-on': if job.runs == [] then github.runner(facts, job.runner) else '${{ matrix.runner }}',
    'timeout-minutes': job.minutes,
    permissions: github.permissions(facts, job),
    [if github.env(job) != {} then 'env']: github.env(job),
    steps: github.first(facts, job) + steps,
  } + github.strategy(facts, job),

  // What a job compiles, or tests: in the image that is made from ci/builder.Dockerfile.
  compile(facts, job, scripts, events)::
    github.job(facts, job, events, [], [github.buildx(facts)]
      + (if job.caches then github.caches(facts, job) else [])
      + (if job.baseline != '' then [{
           name: "Fetch the default branch's result",
           env: { GITHUB_TOKEN: '${{ github.token }}', DEFAULT_BRANCH: '${{ github.event.repository.default_branch }}' },
           run: 'python3 ci/scripts/baseline.py %s baseline.json' % job.baseline,
         }] else [])
      + [{ name: 'Run ' + std.split(std.split(script, '/')[2], '.')[0], run: 'bash ci/scripts/in_builder.sh ' + script } for script in scripts]
      + (if job.sarif != '' then [github.use(facts, 'github/codeql-action/upload-sarif', { sarif_file: job.sarif }, { name: 'Show what was found', 'if': '!cancelled()' })] else [])
      + (if job.baseline != '' then [github.upload(facts, "${{ github.event_name == 'pull_request' && 'benchmark-pull' || 'benchmark' }}", [job.baseline], job.days, false) + {
           '#name': "The default branch's results have a name of their own, among which the newest is soon found.",
           name: 'Keep benchmark',
         }]
         else if [each for each in job.keeps if std.startsWith(each, 'reports')] != [] || job.junit != [] then
           [github.upload(facts, 'reports-%s' % (if job.runs == [] then job.name else '%s-${{ matrix.run }}' % job.name), ['reports/'], std.max(job.days, 7), true)]
         else [])),

  // Logs in to the registry, for as long as the job lasts.
  login(facts):: {
    name: 'Log in to the registry',
    [if facts.registry.login == 'github' then 'env']: { REGISTRY_USER: '${{ github.actor }}', REGISTRY_PASSWORD: '${{ github.token }}' },
    [if facts.registry.login == 'password' && facts.vault == null then 'env']: {
      REGISTRY_USER: '${{ secrets.REGISTRY_USER }}',
      REGISTRY_PASSWORD: '${{ secrets.REGISTRY_PASSWORD }}',
    },
    [if std.member(['aws', 'google', 'azure'], facts.registry.login) then 'env']: {
      REGISTRY_ROLE: '${{ vars.REGISTRY_ROLE }}',
      [if facts.registry.login == 'google' then 'REGISTRY_PROVIDER']: '${{ vars.REGISTRY_PROVIDER }}',
      [if facts.registry.login == 'azure' then 'REGISTRY_TENANT']: '${{ vars.REGISTRY_TENANT }}',
    },
    run: 'python3 ci/scripts/credentials.py registry -- python3 ci/scripts/login.py ' + facts.registry.host,
  },

  // What a job makes of images.
  handle(facts, job, events, needs, fetched)::
    github.job(facts, job, events, needs, [github.buildx(facts), github.cosign(facts)]
      + (if fetched == '' then [] else [github.download(facts, fetched)])
      + [github.login(facts)]
      + [{ name: 'Run ' + std.split(script, ' ')[2], run: script } for script in job.script]
      + [github.upload(facts, '%s-${{ matrix.run }}' % job.name, if job.name == 'assemble' then ['images/'] else ['images/*.ref'], job.days, false)]
      + (if job.sboms == [] then [] else [github.upload(facts, 'sboms-${{ matrix.run }}', ['reports/'], job.days, false)])),

  // Calls of the workflow that delivers, one for each target of an event, each after the one before it.
  deliveries(facts, event, first)::
    local targets = [
      job.environment
      for job in facts.jobs
      if std.endsWith(job.name, ':deliver') && std.member(job.on, event)
    ];
    {
      ['deliver-' + targets[index]]: {
        name: targets[index],
        [if event == 'main' then 'if']: "github.event_name == 'push'",
        needs: if index == 0 then [first] else ['deliver-' + targets[index - 1]],
        permissions: { contents: 'read' } + github.identity + github.pushes(facts, [job for job in facts.jobs if std.endsWith(job.name, ':integration')]),
        uses: './.github/workflows/deliver.yml',
        with: { environment: targets[index], verb: 'set', merge: event == 'main' },
        '#secrets': "Of the target's environment: GitHub lets the called workflow see them only where they are named.",
        secrets: { [name]: '${{ secrets.%s }}' % name for name in github.secrets(facts) },
      }
      for index in std.range(0, std.length(targets) - 1)
    },

  // A gate writes its attestation beside the images; who calls must grant what any job of the called workflow asks for.
  pushes(facts, gates):: if gates != [] && facts.registry.login == 'github' then github.packages else {},

  // What the workflow that delivers reads of a target's environment.
  secrets(facts):: ['PLATFORM_APP_KEY'] + (if facts.vault != null then [] else github.perServer(facts, 'ARGOCD_AUTH_TOKEN')
                   + (if facts.registry.login == 'password' then ['REGISTRY_USER', 'REGISTRY_PASSWORD'] else [])),

  // A variable of each Argo CD; which of them a target has, its environment says.
  perServer(facts, name):: std.set([name] + [name + server.suffix for target in facts.targets for server in target.servers]),

  // A job of the workflow that delivers, under the protection of the target.
  target(facts, name, minutes, exclusive, permissions, condition, needs, steps):: {
    name: name,
    'if': condition,
    [if needs != [] then 'needs']: needs,
    'runs-on': github.runner(facts, ''),
    'timeout-minutes': minutes,
    environment: '${{ inputs.environment }}',
    permissions: { contents: 'read' } + permissions,
    concurrency: { group: exclusive + '-${{ inputs.environment }}', 'cancel-in-progress': false },
    '#env': 'By way of variables: an input never becomes a piece of a script.',
    env: { TARGET: '${{ inputs.environment }}' },
    steps: steps,
  },
}
