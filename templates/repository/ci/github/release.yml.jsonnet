// The trading system's workflow for a version's tag: .github/workflows/release.yml there. It builds nothing.
local github = import '../../../_lib/github.libsonnet';
local pipeline = import '../../../_lib/pipeline.libsonnet';

function(envs)
  local facts = pipeline.find(envs, 'github');
  local jobs = if facts == null then [] else [job for job in facts.jobs if job.name == 'release'];
  if jobs == [] then null else {
    name: 'release',
    '#on': 'A rule of the repository keeps such tags to those who may release.',
    on: { push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } },
    permissions: {},
    concurrency: { group: 'release-${{ github.ref }}', 'cancel-in-progress': false },
    env: github.variables(facts) { VERSION: '${{ github.ref_name }}' },
    jobs: { release: github.handle(facts, jobs[0], ['release'], [], '') }
          + github.deliveries(facts, 'release', 'release'),
  }
