// How many pods there are, and how many may be away.
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
    },
  },

  PodDisruptionBudget(facts):: {
    spec: {
      selector: { matchLabels: facts.selector },
      [if facts.budget == { maxUnavailable: 0 } then '#maxUnavailable']: 'A pod that trades is moved by a person, never by a drain.',
    } + facts.budget,
  },
}
