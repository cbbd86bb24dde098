local objects = import '../../_lib/objects.libsonnet';

local peers(env, names) = [
  { podSelector: { matchLabels: objects.selector(env.services[name]) } }
  for name in names
];

function(env, service)
  local callers = [
    name
    for name in std.objectFields(env.services)
    if std.member([call.service for call in env.services[name].calls], service.name)
  ];
  objects.object(env, service, 'networking.k8s.io/v1', 'NetworkPolicy', {
    spec: {
      podSelector: { matchLabels: objects.selector(service) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }], ports: [{ port: 'metrics', protocol: 'TCP' }] },
      ] + [{ from: peers(env, callers) } for ports in [1] if callers != []],
      egress: [
        {
          to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }],
          ports: [{ port: 53, protocol: protocol } for protocol in ['UDP', 'TCP']],
        },
      ] + [{ to: peers(env, [call.service]) } for call in service.calls],
    },
  })
