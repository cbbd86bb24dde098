// CloudNativePG.
local has(facts, name) = std.objectHas(facts, name);

{
  Cluster(facts):: {
    spec: {
      imageName: facts.image,
      instances: facts.instances,
      bootstrap: {
        initdb: {
          database: facts.database,
          owner: facts.database,
          [if has(facts, 'secret') then 'secret']: { name: facts.secret },
        },
      },
      storage: { size: facts.storage.size, storageClass: facts.storage.class },
      [if has(facts, 'resources') then 'resources']: facts.resources,
      [if has(facts, 'pool') then 'affinity']: facts.pool,
      [if has(facts, 'priority') then 'priorityClassName']: facts.priority,
      managed: {
        services: {
          '#additional': 'Callers know it by its own name, which always leads to the instance that writes.',
          additional: [{ selectorType: 'rw', serviceTemplate: { metadata: { name: facts.name } } }],
        },
      },
    },
  },
}
