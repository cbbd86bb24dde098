// Addresses of Services on metal, and how the network hears of them.
local has(facts, name) = std.objectHas(facts, name);

// All nodes, or those that may answer for Services.
local nodes(facts) = if facts.nodes == [] then {} else {
  '#nodeSelector': 'Nobody is to reach Services over other nodes.',
  nodeSelector: { matchExpressions: facts.nodes },
};

{
  CiliumLoadBalancerIPPool(facts):: {
    spec: {
      blocks: [{ cidr: block } for block in facts.blocks],
      [if has(facts, 'services') then 'serviceSelector']: { matchExpressions: [facts.services] },
    },
  },

  CiliumL2AnnouncementPolicy(facts):: {
    spec: nodes(facts) {
      loadBalancerIPs: true,
      [if facts.devices != [] then 'interfaces']: ['^%s$' % std.strReplace(device, '.', '\\.') for device in facts.devices],
    },
  },

  CiliumBGPClusterConfig(facts):: {
    spec: {
      bgpInstances: [
        {
          name: 'nodes',
          localASN: facts.asn,
          peers: [
            { name: peer.name, peerAddress: peer.address, peerASN: peer.asn, peerConfigRef: { name: peer.config } }
            for peer in facts.peers
          ],
        },
      ],
    },
  },

  CiliumBGPPeerConfig(facts):: {
    spec: {
      [if has(facts, 'secret') then '#authSecretRef']: 'In kube-system, with the key `password`; made by hand.',
      [if has(facts, 'secret') then 'authSecretRef']: facts.secret,
      '#timers': 'A node that dies is forgotten after nine seconds, not ninety.',
      timers: { connectRetryTimeSeconds: 12, holdTimeSeconds: 9, keepAliveTimeSeconds: 3 },
      '#gracefulRestart': 'An agent that restarts, as for an upgrade, loses no packets.',
      gracefulRestart: { enabled: true, restartTimeSeconds: 15 },
      families: [{ afi: 'ipv4', safi: 'unicast', advertisements: { matchLabels: facts.advertisements } }],
    },
  },

  CiliumBGPAdvertisement(facts):: {
    spec: {
      advertisements: [
        { '#advertisementType': 'Routers reach pods, so that nodes of several racks do.', advertisementType: 'PodCIDR' },
        {
          advertisementType: 'Service',
          service: { addresses: ['LoadBalancerIP'] },
          '#selector': 'Every Service that has an address of a pool.',
          selector: { matchExpressions: [{ key: 'hftgen.io/advertise', operator: 'NotIn', values: ['never'] }] },
        },
      ],
    },
  },
}
