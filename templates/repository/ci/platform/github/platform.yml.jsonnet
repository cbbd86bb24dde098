// The workflow of the repository that holds the specs: .github/workflows/platform.yml there.
local github = import '../../../../_lib/github.libsonnet';
local pipeline = import '../../../../_lib/pipeline.libsonnet';

local SCRIPTS = 'rendered/repository/ci/platform/scripts';

function(envs)
  local facts = pipeline.find(envs, 'github');
  if facts == null then null else
    local first(history) = github.first(facts, { history: history });
    local proves = { contents: 'read' } + github.identity;
    local terraform(verb) = {
      name: 'Run Terraform: ' + verb,
      env: {
        ROOT: '${{ matrix.root.folder }}',
        TARGET: '${{ matrix.root.environment }}',
        CLOUDS: "${{ join(matrix.root.clouds, ' ') }}",
        AWS_ROLE_ARN: '${{ matrix.root.logins.%s.AWS_ROLE_ARN }}' % (if verb == 'apply' then 'apply' else 'plan'),
        '#GOOGLE_PROVIDER': 'Variables of the environment, which only its jobs see; none of them is secret.',
        GOOGLE_PROVIDER: '${{ vars.GOOGLE_PROVIDER }}',
        GOOGLE_ACCOUNT: '${{ matrix.root.logins.%s.GOOGLE_ACCOUNT }}' % (if verb == 'apply' then 'apply' else 'plan'),
        ARM_TENANT_ID: '${{ vars.ARM_TENANT_ID }}',
        ARM_CLIENT_ID: '${{ vars.ARM_CLIENT_ID_%s }}' % (if verb == 'apply' then 'APPLY' else 'PLAN'),
      },
      run: 'bash %s/in_terraform.sh %s' % [SCRIPTS, verb],
    };
    local job(name, minutes, permissions, own) = {
      name: name,
      'runs-on': github.runner(facts, ''),
      'timeout-minutes': minutes,
      permissions: permissions,
    } + own;
    local each(parallel) = {
      'fail-fast': !parallel,
      [if !parallel then '#max-parallel']: 'One after another, in the order in which they stand on one another; the first that fails ends it.',
      [if !parallel then 'max-parallel']: 1,
      matrix: { root: '${{ fromJSON(needs.changed.outputs.roots) }}' },
    };
    {
      name: 'platform',
      on: { pull_request: {}, push: { branches: [std.strReplace(facts.platform.branch, '+', '\\+')] }, schedule: [{ cron: '43 2 * * *' }] },
      permissions: {},
      '#concurrency': 'Each push has a run of its own: one may wait for days for an approval, and GitHub drops all but the last of those behind it.',
      concurrency: {
        group: "platform-${{ github.event_name == 'pull_request' && github.ref || github.run_id }}",
        'cancel-in-progress': "${{ github.event_name == 'pull_request' }}",
      },
      env: { HFTGEN_VERSION: facts.version, TERRAFORM_IMAGE: facts.images.terraform },
      jobs: {
        render: job('render', 15, { contents: 'read' }, {
          'if': "github.event_name != 'schedule'",
          steps: first(false) + github.python(facts) + [
            { name: 'What is rendered is what the specs say', run: 'hftgen render --check' },
            { name: 'Every check', run: 'hftgen validate' },
          ],
        }),
      } + (if facts.roots == [] then {} else {
             changed: job('changed', 5, { contents: 'read' }, {
               outputs: { roots: '${{ steps.roots.outputs.roots }}' },
               steps: first(true) + [{
                 id: 'roots',
                 name: 'Find the root modules',
                 env: { BASE: "${{ github.event_name == 'pull_request' && github.event.pull_request.base.sha || github.event_name == 'push' && github.event.before || '--all' }}" },
                 run: |||
                   roots="$(python3 %s/changed.py "$BASE")"
                   echo "roots=$roots" >> "$GITHUB_OUTPUT"
                 ||| % SCRIPTS,
               }],
             }),
             '#plan': 'A fork gets no identity, and therefore no plan.',
             plan: job('plan ${{ matrix.root.name }}', 30, proves, {
               needs: ['render', 'changed'],
               'if': "needs.changed.outputs.roots != '[]' && (github.event_name == 'push' || github.event.pull_request.head.repo.full_name == github.repository)",
               strategy: each(true),
               environment: '${{ matrix.root.environment }}-plan',
               steps: first(false) + [terraform('plan')] + [
                 github.upload(facts, 'plan-${{ strategy.job-index }}', ['plans/'], 1, false) + { 'if': "github.event_name == 'push'" },
               ],
             }),
             '#apply': 'The protection of the environment asks for approval; what is applied is the plan that was read.',
             apply: job('apply ${{ matrix.root.name }}', 120, proves, {
               needs: ['changed', 'plan'],
               'if': "github.event_name == 'push'",
               strategy: each(false),
               environment: '${{ matrix.root.environment }}-apply',
               concurrency: { group: 'state-${{ matrix.root.name }}', 'cancel-in-progress': false },
               steps: first(false) + [
                 github.use(facts, 'actions/download-artifact', { name: 'plan-${{ strategy.job-index }}', path: 'plans' }, { name: 'Fetch the plan' }),
                 terraform('apply'),
               ],
             }),
             drift: job('drift ${{ matrix.root.name }}', 30, proves, {
               needs: ['changed'],
               'if': "github.event_name == 'schedule'",
               strategy: each(true),
               environment: '${{ matrix.root.environment }}-plan',
               steps: first(false) + [terraform('drift')],
             }),
           }),
    }
