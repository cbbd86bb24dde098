// What Argo Rollouts measures.
local has(facts, name) = std.objectHas(facts, name);

{
  AnalysisTemplate(facts):: {
    spec: {
      args: [{ name: facts.argument }],
      metrics: [
        {
          name: metric.name,
          interval: metric.interval,
          initialDelay: metric.delay,
          [if has(metric, 'count') then 'count']: metric.count,
          failureLimit: metric.failures,
          [if has(metric, 'pauses') then '#inconclusiveLimit']: 'Without data it neither passes nor fails, and the release waits for a person.',
          [if has(metric, 'pauses') then 'inconclusiveLimit']: metric.failures,
          successCondition: metric.success,
          [if has(metric, 'failure') then 'failureCondition']: metric.failure,
          provider: { prometheus: { address: facts.address, query: metric.query } },
        }
        for metric in facts.metrics
      ],
    },
  },
}
