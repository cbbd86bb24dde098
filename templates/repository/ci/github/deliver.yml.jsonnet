// Delivery to one target, its health check and its gate: .github/workflows/deliver.yml of the trading system's repository.
// The other workflows call it; people start it for a health check or a way back.
local github = import '../../../_lib/github.libsonnet';
local pipeline = import '../../../_lib/pipeline.libsonnet';

function(envs)
  local facts = pipeline.find(envs, 'github');
  local deliveries = if facts == null then [] else [job for job in facts.jobs if std.endsWith(job.name, ':deliver')];
  if deliveries == [] then null else
    local gates = [job for job in facts.jobs if std.endsWith(job.name, ':integration')];
    local names = [job.environment for job in deliveries];
    local first(history) = github.first(facts, { history: history });
    local repository = std.split(facts.platform.project, '/');
    {
      name: 'deliver',
      on: {
        workflow_call: {
          inputs: {
            environment: { description: 'The target.', type: 'string', required: true },
            verb: { description: 'set or rollback.', type: 'string', required: true },
            merge: { description: 'Whether nobody has to approve.', type: 'boolean', required: true },
          },
          '#secrets': 'Not required: whoever calls sees none of an environment, and passes on only that they may be read.',
          secrets: { [name]: { description: "Of the target's environment.", required: false } for name in github.secrets(facts) },
        },
        workflow_dispatch: {
          inputs: {
            environment: { description: 'The target.', type: 'choice', required: true, options: names },
            verb: { description: 'What to do.', type: 'choice', required: true, options: ['smoke', 'rollback'] },
          },
        },
      },
      permissions: {},
      env: github.variables(facts) { HFTGEN_VERSION: facts.version },
      jobs: {
        deliver: github.target(facts, 'Deliver to ${{ inputs.environment }}', 60, 'platform', {}, "inputs.verb != 'smoke'", [], first(true) + [
          github.download(facts, '*') + {
            'if': "inputs.verb == 'set'",
            with+: { pattern: '{publish,release}-*' },
          },
        ] + github.python(facts) + [
          github.use(facts, 'actions/create-github-app-token', {
            'app-id': '${{ vars.PLATFORM_APP_ID }}',
            'private-key': '${{ secrets.PLATFORM_APP_KEY }}',
            owner: repository[0],
            repositories: repository[std.length(repository) - 1],
            'permission-contents': 'write',
            'permission-pull-requests': 'write',
          }, { id: 'app', name: 'Get a token for an hour, for one repository' }),
          { name: 'Tell a freeze', run: 'python3 ci/scripts/frozen.py "$TARGET" || test $? -eq %d' % facts.frozen },
          {
            name: 'Open the pull request',
            env: {
              PLATFORM_TOKEN: '${{ steps.app.outputs.token }}',
              VERB: '${{ inputs.verb }}',
              MERGE: "${{ inputs.merge && '--merge' || '' }}",
            },
            run: |||
              if [ "$VERB" = set ]; then
                python3 ci/scripts/deliver.py set "$TARGET" ${MERGE:+"$MERGE"} images/*.ref
              else
                python3 ci/scripts/deliver.py rollback "$TARGET"
              fi
            |||,
          },
        ]),
        smoke: github.target(
          facts,
          'Check ${{ inputs.environment }}',
          45,
          'smoke',
          if facts.vault == null then {} else github.identity,
          "!cancelled() && (inputs.verb == 'smoke' || inputs.merge && needs.deliver.result == 'success')",
          ['deliver'],
          first(false) + [{
            name: 'Wait for the sync, and ask every exposed service',
            env: { [name]: '${{ vars.%s }}' % name for name in github.perServer(facts, 'ARGOCD_SERVER') }
                 + (if facts.vault != null then {} else {
                      [name]: '${{ secrets.%s }}' % name
                      for name in github.perServer(facts, 'ARGOCD_AUTH_TOKEN')
                    }),
            run: 'python3 ci/scripts/credentials.py "argocd:$TARGET" -- python3 ci/scripts/smoke.py "$TARGET"',
          }]
        ),
      } + (if gates == [] then {} else {
             integration: github.target(
               facts,
               'Test ${{ inputs.environment }}',
               gates[0].minutes,
               'integration',
               github.identity + github.pushes(facts, gates),
               "!cancelled() && needs.smoke.result == 'success' && inputs.verb == 'set' && contains(fromJSON('%s'), inputs.environment)"
               % std.manifestJsonMinified([gate.environment for gate in gates]),
               ['smoke'],
               first(false) + [
                 github.cosign(facts),
                 github.download(facts, 'publish-*'),
                 github.login(facts),
                 { name: 'Run the gate', run: 'bash ci/scripts/gate.sh "$TARGET" ' + std.splitLimit(gates[0].script[0], ' ', 3)[3] },
                 github.upload(facts, 'reports-integration-${{ inputs.environment }}', ['reports/'], 30, true),
               ]
             ),
           }),
    }
