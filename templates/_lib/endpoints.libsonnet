// Services of Kubernetes.
local has(facts, name) = std.objectHas(facts, name);

{
  Service(facts):: {
    spec: {
      [if has(facts, 'type') then 'type']: facts.type,
      [if has(facts, 'headless') then 'clusterIP']: 'None',
      [if has(facts, 'headless') then '#publishNotReadyAddresses']: "Pods find each other's names before they are ready.",
      [if has(facts, 'headless') then 'publishNotReadyAddresses']: true,
      selector: facts.selector,
      [if facts.ports != [] then 'ports']: [
        {
          name: port.name,
          port: port.port,
          targetPort: port.name,
          protocol: port.protocol,
          [if has(port, 'appProtocol') then 'appProtocol']: port.appProtocol,
        }
        for port in facts.ports
      ],
    },
  },
}
