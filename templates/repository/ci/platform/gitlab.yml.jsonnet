// The pipeline of the repository that holds the specs: its .gitlab-ci.yml includes this file.
local gitlab = import '../../../_lib/gitlab.libsonnet';
local pipeline = import '../../../_lib/pipeline.libsonnet';

local SCRIPTS = 'rendered/repository/ci/platform/scripts';
local events = gitlab.events;

// Variables of the environment `X/plan` are those of its plans and drifts, of `X/infrastructure` those of its applies.
// When a root's files change, or a module that it calls.
local changes(root) = { changes: [root.folder + '/**/*', root.modules + '/**/*'] };

function(envs)
  local facts = pipeline.find(envs, 'gitlab');
  if facts == null then null else
    local tools = { name: facts.images.tools, entrypoint: [''] };
    local terraform = { name: facts.images.tools, entrypoint: [''] };
    local audiences = { aws: 'sts.amazonaws.com', gcp: 'https://iam.googleapis.com/$GOOGLE_PROVIDER', azure: 'api://AzureADTokenExchange' };
    local handle(root, verb) = local role = if verb == 'apply' then 'apply' else 'plan'; {
      extends: '.' + verb,
      variables: {
        ROOT: root.folder,
        TARGET: root.environment,
        CLOUDS: std.join(' ', root.clouds),
      } + root.logins[role],
      id_tokens: { ['ID_TOKEN_' + std.asciiUpper(cloud)]: { aud: audiences[cloud] } for cloud in root.clouds },
      environment: if verb == 'apply' then { name: root.environment + '/infrastructure' } else { name: root.environment + '/plan', action: 'access' },
    };
    {
      stages: ['check', 'plan', 'apply', 'drift'],
      workflow: {
        auto_cancel: { on_new_commit: 'interruptible' },
        rules: [{ 'if': events.merge }, { 'if': events.nightly }, {
          '#if': 'A plan that a newer commit ended would be made by nobody: that commit plans what it touches itself.',
          'if': events.main,
          auto_cancel: { on_new_commit: 'none' },
        }],
      },
      default: gitlab.default,
      '#render': 'What is merged is what the specs compile to: nobody edits rendered/ by hand, and nobody forgets to render.',
      render: {
        stage: 'check',
        image: tools,
        rules: [{ 'if': events.merge }, { 'if': events.main }],
        script: ['hftgen render --check', 'hftgen validate'],
        timeout: '15 minutes',
      },
    } + (if facts.roots == [] then {} else {
           '#.plan': 'With a role that reads. A merge request shows what it would change; after the merge the plan is made once more, and kept.',
           '.plan': {
             stage: 'plan',
             image: terraform,
             needs: ['render'],
             script: ['bash %s/terraform.sh plan' % SCRIPTS],
             timeout: '30 minutes',
             artifacts: {
               '#access': 'A plan may hold what is secret in the state: for maintainers, and for a day.',
               access: 'maintainer',
               paths: ['plans/'],
               expire_in: '1 day',
               reports: { terraform: 'plans/*/report.json' },
             },
           },
           '#.apply': 'After somebody has read that very plan. A plan that is stale, of another commit or changed is refused, and so is a session.',
           '.apply': {
             stage: 'apply',
             image: terraform,
             interruptible: false,
             retry: 0,
             script: ['bash %s/terraform.sh apply' % SCRIPTS],
             timeout: '2 hours',
           },
           '#.drift': 'Every night: what runs is what is merged.',
           '.drift': {
             stage: 'drift',
             image: terraform,
             rules: [{ 'if': events.nightly }],
             needs: [],
             script: ['bash %s/terraform.sh drift' % SCRIPTS],
             timeout: '30 minutes',
           },
         })
    + {
      ['plan:' + root.name]: handle(root, 'plan') {
        [if root.branches_only then '#rules']: 'After the merge alone: a merge request is its branch, and Azure trusts no pattern of branches.',
        rules: (if root.branches_only then [] else [{ 'if': events.merge } + changes(root)])
               + [{ 'if': events.main } + changes(root)],
        resource_group: 'state-' + root.name,
      }
      for root in facts.roots
    } + {
      ['apply:' + root.name]: handle(root, 'apply') {
        rules: [{ 'if': events.main } + changes(root) + { when: 'manual', allow_failure: true }],
        needs: [{ job: 'plan:' + root.name, artifacts: true }]
               + [{ job: 'apply:' + other, artifacts: false, optional: true } for other in root.after],
        resource_group: 'state-' + root.name,
      }
      for root in facts.roots
    } + {
      ['drift:' + root.name]: handle(root, 'drift')
      for root in facts.roots
    }
