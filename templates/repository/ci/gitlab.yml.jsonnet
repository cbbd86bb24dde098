// The trading system's pipeline: its repository includes this file as ci/gitlab.yml (docs/ci.md).
local gitlab = import '../../_lib/gitlab.libsonnet';
local pipeline = import '../../_lib/pipeline.libsonnet';

function(envs)
  local facts = pipeline.find(envs, 'gitlab');
  if facts == null then null else {
    stages: facts.stages,
    workflow: gitlab.workflow,
    default: gitlab.default,
    variables: gitlab.variables(facts),
  } + gitlab.jobs(facts)
