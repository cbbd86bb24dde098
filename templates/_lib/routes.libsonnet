// Ways in from outside.
local has(facts, name) = std.objectHas(facts, name);

{
  local shapes = self,

  HTTPRoute(facts):: {
    spec: {
      parentRefs: [{ name: facts.parent.name, namespace: facts.parent.namespace, sectionName: facts.parent.section }],
      hostnames: [facts.host],
      rules: [
        {
          [if has(rule, 'header') then 'matches']: [{ headers: [rule.header] }],
          backendRefs: rule.backends,
        }
        for rule in facts.rules
      ],
    },
  },

  // Gateway API's Gateway and Istio's share the name of their kind.
  Gateway(facts):: if has(facts, 'listeners') then shapes.gateway(facts) else shapes.istioGateway(facts),

  gateway(facts):: {
    spec: {
      gatewayClassName: facts.controller,
      [if has(facts, 'balancer') || has(facts, 'reach') || has(facts, 'parameters') then 'infrastructure']: {
        [if has(facts, 'balancer') then 'annotations']: facts.balancer,
        [if has(facts, 'reach') then 'labels']: facts.reach,
        [if has(facts, 'parameters') then '#parametersRef']: "The ports of the nodes that kind's configuration leads to.",
        [if has(facts, 'parameters') then 'parametersRef']: { group: '', kind: 'ConfigMap', name: facts.parameters },
      },
      listeners: [shapes.listener(listener, facts.routes) for listener in facts.listeners],
    },
  },

  listener(facts, namespace):: {
    name: facts.name,
    hostname: facts.host,
    allowedRoutes: {
      namespaces: { from: 'Selector', selector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } },
    },
  } + (
    if has(facts, 'certificate') then {
      port: 443,
      protocol: 'HTTPS',
      tls: { certificateRefs: [{ name: facts.certificate }] },
    } else { port: 80, protocol: 'HTTP' }
  ),

  istioGateway(facts):: {
    spec: {
      selector: facts.selector,
      servers: [
        { hosts: [facts.host] } + (
          if has(facts, 'certificate') then {
            port: { name: 'https', number: 443, protocol: 'HTTPS' },
            tls: { mode: 'SIMPLE', credentialName: facts.certificate },
          } else { port: { name: 'http', number: 80, protocol: 'HTTP' } }
        ),
      ],
    },
  },

  VirtualService(facts):: {
    spec: {
      hosts: (if has(facts, 'host') then [facts.host] else []) + facts.aliases,
      gateways: facts.gateways,
      '#http': 'The weights are where a release begins; the Rollouts controller moves them.',
      http: [
        {
          name: facts.route,
          [if has(facts, 'matches') then 'match']: facts.matches,
          route: [
            { destination: { host: backend.name, port: { number: backend.port } }, weight: backend.weight }
            for backend in facts.backends
          ],
        },
      ],
    },
  },

  Ingress(facts):: {
    spec: {
      [if has(facts, 'ingressClass') then 'ingressClassName']: facts.ingressClass,
      [if has(facts, 'tls') then 'tls']: [
        { hosts: [facts.host], [if has(facts, 'certificate') then 'secretName']: facts.certificate },
      ],
      rules: [
        {
          host: facts.host,
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: {
                  service: {
                    name: facts.name,
                    port: if has(facts, 'portName') then { name: facts.portName } else { number: facts.port },
                  },
                },
              },
            ],
          },
        },
      ],
    },
  },
}
