// How many pods there are, and how many may be away.
local has(facts, name) = std.objectHas(facts, name);

{
  HorizontalPodAutoscaler(facts):: {
    spec: {
      scaleTargetRef: facts.target,
      minReplicas: facts.min,
      maxReplicas: facts.max,
      metrics: [
        {
          type: 'Resource',
          resource: { name: goal.resource, target: { type: 'Utilization', averageUtilization: goal.utilization } },
        }
        for goal in facts.goals
      ],
      '#behavior': facts.why,
      behavior: {
        scaleDown: {
          stabilizationWindowSeconds: facts.down.wait,
          policies: [{ type: facts.down.type, value: facts.down.value, periodSeconds: facts.down.period }],
        },
      },
    },
  },

  PodDisruptionBudget(facts):: {
    spec: {
      selector: { matchLabels: facts.selector },
      [if facts.budget == { maxUnavailable: 0 } then '#maxUnavailable']: 'A pod that trades is moved by a person, never by a drain.',
      [if has(facts, 'evictBroken') then '#unhealthyPodEvictionPolicy']: 'A pod that is not ready serves nobody: no drain waits for it.',
      [if has(facts, 'evictBroken') then 'unhealthyPodEvictionPolicy']: 'AlwaysAllow',
    } + facts.budget,
  },
}
