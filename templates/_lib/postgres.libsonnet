// CloudNativePG.
local has(facts, name) = std.objectHas(facts, name);

{
  local postgres = self,

  Cluster(facts)::
    local topology = if has(facts, 'topology') then facts.topology else null;
    {
      spec: {
        imageName: facts.image,
        instances: facts.instances,
        [if facts.instances == 1 then '#enablePDB']: 'A budget for the only instance would block every drain.',
        [if facts.instances == 1 then 'enablePDB']: false,
        bootstrap: postgres.bootstrap(facts, topology),
        [if topology != null then '#replica']: 'The copy of cluster `primary` is written to; the others follow. A failover changes `primary`.',
        [if topology != null then 'replica']: {
          'self': topology.here,
          primary: topology.primary,
          source: topology.source,
        },
        [if topology != null then 'externalClusters']: [
          postgres.external(topology, cluster)
          for cluster in topology.clusters
        ],
        [if topology != null then 'postgresql']: {
          '#pg_hba': "The network policy holds from where; PostgreSQL's own rules let nobody replicate by password.",
          pg_hba: ['hostssl replication %s all scram-sha-256' % topology.user],
        },
        storage: { size: facts.storage.size, storageClass: facts.storage.class },
        [if has(facts, 'resources') then 'resources']: facts.resources,
        [if has(facts, 'pool') || has(facts, 'spread') then 'affinity']: postgres.affinity(facts),
        [if has(facts, 'priority') then 'priorityClassName']: facts.priority,
        managed: {
          [if topology != null then 'roles']: [
            {
              name: topology.user,
              login: true,
              replication: true,
              passwordSecret: { name: topology.secret },
            },
          ],
          services: {
            '#additional': 'Callers know it by its own name, which always leads to the instance that writes.',
            additional: [{ selectorType: 'rw', serviceTemplate: { metadata: { name: facts.name } } }]
                        + (if topology != null then [postgres.entrance(topology.service)] else []),
          },
        },
      },
    },

  bootstrap(facts, topology)::
    local owner = {
      database: facts.database,
      owner: facts.database,
      [if has(facts, 'secret') then 'secret']: { name: facts.secret },
    };
    if topology != null && topology.follows then { pg_basebackup: owner { source: topology.source } }
    else { initdb: owner },

  external(topology, cluster):: {
    name: cluster.name,
    connectionParameters: {
      host: cluster.host,
      user: topology.user,
      dbname: 'postgres',
      '#sslmode': "Encrypted. Each cluster makes its own CA when it comes up, so no manifest can name another's.",
      sslmode: 'require',
    },
    password: { name: topology.secret, key: 'password' },
  },

  // The load balancer by which other clusters follow.
  entrance(service):: {
    selectorType: 'rw',
    serviceTemplate: {
      metadata: { name: service.name, annotations: service.annotations },
      spec: {
        type: service.type,
        [if has(service, 'trafficPolicy') then 'externalTrafficPolicy']: service.trafficPolicy,
      },
    },
  },

  affinity(facts):: (if has(facts, 'pool') then facts.pool else {}) + (
    if !has(facts, 'spread') then {}
    else {
      enablePodAntiAffinity: true,
      topologyKey: 'kubernetes.io/hostname',
      '#podAntiAffinityType': 'Two instances on one machine would be lost together.',
      podAntiAffinityType: facts.spread,
    }
  ),
}
