// The trading system's workflow for pull requests, the default branch and every night: .github/workflows/ci.yml there.
local github = import '../../../_lib/github.libsonnet';
local pipeline = import '../../../_lib/pipeline.libsonnet';

local EVENTS = ['merge', 'main', 'nightly'];

function(envs)
  local facts = pipeline.find(envs, 'github');
  if facts == null then null else
    local jobs = [job for job in facts.jobs if job.environment == '' && std.setInter(std.set(job.on), std.set(EVENTS)) != []];
    local checks = [job for job in jobs if job.tokens == []];
    // What was built is tested in the same job: a build tree loses its modes and times on the way through an artifact.
    local tests(job) = std.flattenArrays([other.script for other in facts.jobs if other.paired == job.name]);
    local reports(job) = std.flattenArrays([other.junit for other in facts.jobs if other.paired == job.name]);
    {
      name: 'ci',
      on: { pull_request: {}, push: { branches: ['main'] }, schedule: [{ cron: '17 2 * * *' }] },
      '#permissions': 'Nothing, but for what a job asks for.',
      permissions: {},
      concurrency: github.concurrency('ci'),
      env: github.variables(facts),
      jobs: {
        [github.name(job.name)]:
          if job.tool == 'builder' then
            github.compile(facts, job { junit: job.junit + reports(job) }, job.script + tests(job), EVENTS)
            + { [if job.caches then 'env']+: pipeline.caching(facts, '${{ github.workspace }}') }
          else github.job(facts, job, EVENTS, [], [github.buildx(facts)] + [{ name: 'Scan', run: script } for script in job.script] + [
            github.upload(facts, 'sbom-sources', job.keeps, job.days, true),
          ])
        for job in checks
        if job.paired == ''
      } + {
        [job.name]: github.handle(
          facts,
          job,
          EVENTS,
          if job.name == 'assemble' then [github.name(check.name) for check in checks if check.paired == ''] else ['assemble'],
          if job.name == 'publish' then 'assemble-${{ matrix.IMAGE }}-*' else ''
        )
        for job in jobs
        if job.tokens != []
      } + github.deliveries(facts, 'main', 'publish'),
    }
