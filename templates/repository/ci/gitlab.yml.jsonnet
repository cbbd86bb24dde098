// The trading system's pipeline: its repository includes this file. Delivery is not a job here: an image goes out when
// a merge request to this repository changes it in a spec, and Argo CD syncs what was rendered.
local pipeline = import '../../_lib/pipeline.libsonnet';

function(envs)
  local env = pipeline.source(envs, 'gitlab');
  local building = pipeline.source(envs, 'build');
  if env == null then null else {
    '#stages': 'Each stage starts when the one before it has passed.',
    stages: ['build', 'test', 'publish'],
    workflow: {
      rules: [
        { 'if': '$CI_PIPELINE_SOURCE == "merge_request_event"' },
        { 'if': '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH' },
        { 'if': '$CI_COMMIT_TAG' },
      ],
    },
    default: { interruptible: true, retry: { max: 1, when: ['runner_system_failure', 'stuck_or_timeout_failure'] } },
    [if building != null then 'build']: pipeline.gitlabBuild(building.build),
    [if building != null then 'test']: pipeline.gitlabTest(building.build),
    publish: pipeline.gitlabImage(env.ci, pipeline.images(envs, env.ci.registry)),
  }
