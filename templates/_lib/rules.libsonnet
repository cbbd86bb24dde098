// What Prometheus computes and tells of: facts/rules.py.
local has(facts, name) = std.objectHas(facts, name);

{
  local shapes = self,

  PrometheusRule(facts):: {
    spec: {
      groups: [
        {
          name: group.name,
          [if has(group, 'interval') then 'interval']: group.interval,
          rules: [shapes.rule(rule) for rule in group.rules],
        }
        for group in facts.groups
      ],
    },
  },

  rule(facts):: {
    [if has(facts, 'alert') then 'alert']: facts.alert,
    [if has(facts, 'record') then 'record']: facts.record,
    [if has(facts, 'why') then '#expr']: facts.why,
    expr: facts.expr,
    [if has(facts, 'for') then 'for']: facts['for'],
    [if has(facts, 'labels') then 'labels']: facts.labels,
    [if has(facts, 'annotations') then 'annotations']: facts.annotations,
  },
}
