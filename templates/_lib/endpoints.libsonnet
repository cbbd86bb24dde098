// Services of Kubernetes.
local has(facts, name) = std.objectHas(facts, name);

{
  Service(facts):: {
    spec: {
      [if has(facts, 'type') then 'type']: facts.type,
      [if has(facts, 'externalName') then '#externalName']: 'Callers know it by its own name, wherever it lies.',
      [if has(facts, 'externalName') then 'externalName']: facts.externalName,
      [if has(facts, 'trafficPolicy') then '#externalTrafficPolicy']: 'Only nodes with a ready pod: one hop less, and the pod sees who calls.',
      [if has(facts, 'trafficPolicy') then 'externalTrafficPolicy']: facts.trafficPolicy,
      [if has(facts, 'headless') then 'clusterIP']: 'None',
      [if has(facts, 'headless') then '#publishNotReadyAddresses']: "Pods find each other's names before they are ready.",
      [if has(facts, 'headless') then 'publishNotReadyAddresses']: true,
      [if has(facts, 'selector') then 'selector']: facts.selector,
      [if facts.ports != [] then 'ports']: [
        {
          name: port.name,
          port: port.port,
          [if has(facts, 'selector') then 'targetPort']: std.get(port, 'target', port.name),
          protocol: port.protocol,
          [if has(port, 'appProtocol') then 'appProtocol']: port.appProtocol,
        }
        for port in facts.ports
      ],
    },
  },
}
