// Network policies.
local has(facts, name) = std.objectHas(facts, name);

{
  NetworkPolicy(facts)::
    local selector = if facts.selector == {} then {} else { matchLabels: facts.selector };
    local directions = {
      // Without rules a direction is closed; a policy that says nothing of it leaves it to the others.
      Ingress: has(facts, 'ingress') && (facts.ingress != [] || facts.selector == {}),
      Egress: has(facts, 'egress') && (facts.egress != [] || facts.selector == {}),
    };
    {
      spec: {
        podSelector: selector,
        policyTypes: [name for name in ['Ingress', 'Egress'] if directions[name]],
        [if has(facts, 'ingress') && facts.ingress != [] then 'ingress']: [rule(item, 'from') for item in facts.ingress],
        [if has(facts, 'egress') && facts.egress != [] then 'egress']: [rule(item, 'to') for item in facts.egress],
      },
    },

  local rule(facts, direction) = {
    '#': facts.why,
    [if facts.peers != [] then direction]: [peer(item) for item in facts.peers],
    [if facts.ports != [] then 'ports']: facts.ports,
  },

  local peer(facts) = {
    [if has(facts, 'namespace') then 'namespaceSelector']:
      if facts.namespace == null then {} else { matchLabels: { 'kubernetes.io/metadata.name': facts.namespace } },
    [if has(facts, 'pods') then 'podSelector']: { matchLabels: facts.pods },
    [if has(facts, 'cidr') then 'ipBlock']: {
      cidr: facts.cidr,
      [if has(facts, 'except') then 'except']: facts.except,
    },
  },
}
