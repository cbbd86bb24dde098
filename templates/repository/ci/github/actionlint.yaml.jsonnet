// Which labels are machines of one's own: .github/actionlint.yaml of the trading system's repository.
local github = import '../../../_lib/github.libsonnet';
local pipeline = import '../../../_lib/pipeline.libsonnet';

local list(value) = if std.isArray(value) then value else [value];

function(envs)
  local facts = pipeline.find(envs, 'github');
  if facts == null then null else {
    'self-hosted-runner': {
      labels: std.setDiff(
        std.set(list(github.runner(facts, 'benchmark')) + std.flattenArrays([list(labels) for labels in std.objectValues(facts.runners)])),
        ['self-hosted']
      ),
    },
  }
