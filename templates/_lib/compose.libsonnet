// The platform on one machine, in the words of the Compose specification.
{
  local compose = self,

  // The platform of the environment nearest to a developer.
  platform(envs)::
    local found = [env['local'] for env in std.objectValues(envs) if std.objectHas(env, 'local')];
    if found == [] then null else found[0],

  // A number or text that a variable of .env may change.
  variable(name, usual):: '${%s:-%s}' % [name, usual],

  // Whom others wait for: the gate that asks it, the container itself where it is asked itself, else its mere start.
  awaited(platform, name)::
    if std.objectHas(platform.datastores, name) then { [name]: { condition: 'service_healthy' } }
    else
      local gate = std.get(platform.services[name], 'gate');
      if gate == null then { [name]: { condition: 'service_started' } }
      else { [if gate.own then name else platform.companions[name].gate]: { condition: 'service_healthy' } },

  // What a service waits for because it calls it.
  called(platform, name):: [compose.awaited(platform, other) for other in std.get(platform.waits, name, [])],

  waits(conditions):: { [if conditions != [] then 'depends_on']: std.foldl(function(all, each) all + each, conditions, {}) },

  healthcheck(test, start):: {
    test: test,
    interval: '5s',
    timeout: '3s',
    retries: 3,
    start_period: '%ds' % start,
    start_interval: '1s',
  },

  ports(platform, name):: [
    {
      name: port.name,
      target: port.port,
      published: compose.variable(port.variable, port.published),
      protocol: std.asciiLower(port.protocol),
      host_ip: platform.loopback,
    }
    for port in std.get(platform.ports, name, [])
  ],

  limits(limits):: {
    deploy: {
      resources: {
        limits:
          (if std.objectHas(limits, 'cpus') then { cpus: compose.variable(limits.cpusVariable, limits.cpus) } else {})
          + (if std.objectHas(limits, 'memory') then { memory: compose.variable(limits.memoryVariable, limits.memory) } else {}),
      },
    },
  },

  // No process gains rights. Where the cluster's pods are locked the image is read-only here too, but for containers
  // that are given files: Compose writes those into them.
  rights(container):: {
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    [if std.objectHas(container, 'user') then 'user']: container.user,
    [if compose.isLocked(container) then 'read_only']: true,
  },

  isLocked(container)::
    std.get(container, 'locked', false) && !std.objectHas(container, 'secrets') && !std.objectHas(container, 'files'),

  secretName(variable):: std.strReplace(std.asciiLower(variable), '_', '-'),

  // What a service's own container, its init containers and sidecars have in common.
  container(container):: {
    [if std.objectHas(container, 'command') then 'entrypoint']: container.command,
    [if std.objectHas(container, 'args') then 'command']: container.args,
    [if std.objectHas(container, 'variables') then 'environment']: container.variables,
    [if std.objectHas(container, 'secrets') then 'secrets']: [
      { source: compose.secretName(secret.variable), target: secret.path }
      for secret in container.secrets
    ],
  } + compose.rights(container) + (if std.objectHas(container, 'limits') then compose.limits(container.limits) else {}),

  // Volumes of a service: what is kept has a name, what is memory is gone with the container.
  mounts(service)::
    local all = std.get(service, 'volumes', []);
    local kept = [
      { type: 'volume', source: volume.volume, target: volume.path }
      for volume in all
      if std.objectHas(volume, 'volume')
    ];
    local fleeting = [
      { type: 'tmpfs', target: volume.path, [if std.objectHas(volume, 'size') then 'tmpfs']: { size: volume.size } }
      for volume in all
      if !std.objectHas(volume, 'volume')
    ];
    { [if kept + fleeting != [] then 'volumes']: kept + fleeting }
    + compose.scratch(service, [volume.path for volume in all]),

  // A read-only image still has a /tmp, as in the cluster; `paths` are those of its volumes.
  scratch(container, paths):: {
    [if compose.isLocked(container) && !std.member(paths, '/tmp') then 'tmpfs']: ['/tmp'],
  },

  image(platform, name, service)::
    if std.objectHas(service, 'build') then {
      '#image': 'Made from the sources beside this folder; never pushed.',
      image: '%s-%s:local' % [platform.project, service.build],
      build: { context: '..', dockerfile: 'docker/%s/Dockerfile' % service.build, target: 'runtime' },
    } else { image: service.image },

  service(platform, name)::
    local service = platform.services[name];
    local gate = std.get(service, 'gate');
    local before = std.get(service, 'before', []);
    local waits = compose.called(platform, name)
                  + [{ [platform.companions[name].before[init.name]]: { condition: 'service_completed_successfully' } } for init in before];
    compose.image(platform, name, service)
    + compose.container(service)
    + compose.mounts(service)
    + {
      [if std.objectHas(service, 'profile') then 'profiles']: [service.profile],
      restart: if std.objectHas(service, 'profile') then 'no' else 'unless-stopped',
      [if std.objectHas(service, 'files') then 'configs']: [{ source: file.name, target: file.path } for file in service.files],
      [if compose.ports(platform, name) != [] then 'ports']: compose.ports(platform, name),
      networks: { default: { aliases: service.aliases } },
      [if gate != null && gate.own then 'healthcheck']: compose.healthcheck(gate.test, gate.start),
      [if std.objectHas(service, 'grace') then 'stop_grace_period']: '%ds' % service.grace,
    } + compose.waits(waits),

  // Init containers run before it, one after another; sidecars share its network.
  companions(platform, name)::
    local service = platform.services[name];
    local names = platform.companions[name];
    local before = std.get(service, 'before', []);
    local paths = { [volume.key]: volume for volume in std.get(service, 'volumes', []) if std.objectHas(volume, 'volume') };
    local own(container) =
      local mounts = std.get(container, 'mounts', {});
      local kept = [
        { type: 'volume', source: paths[key].volume, target: mounts[key] }
        for key in std.objectFields(mounts)
        if std.objectHas(paths, key)
      ];
      { image: container.image } + compose.container(container) + compose.scratch(container, std.objectValues(mounts)) + {
      [if kept != [] then 'volumes']: kept,
      [if std.objectHas(service, 'profile') then 'profiles']: [service.profile],
    };
    {
      [names.before[before[index].name]]: own(before[index]) + {
        restart: 'no',
      } + compose.waits(
        // What is called is there for the first already: a migration needs its database.
        if index == 0 then compose.called(platform, name)
        else [{ [names.before[before[index - 1].name]]: { condition: 'service_completed_successfully' } }]
      )
      for index in std.range(0, std.length(before) - 1)
    } + {
      [names.beside[sidecar.name]]: own(sidecar) + {
        network_mode: 'service:' + name,
        depends_on: { [name]: { condition: 'service_started' } },
        restart: 'unless-stopped',
      }
      for sidecar in std.get(service, 'beside', [])
    },

  gates(platform, name)::
    local service = platform.services[name];
    local gate = std.get(service, 'gate');
    if gate == null || gate.own then {} else {
      [platform.companions[name].gate]: {
        '#image': 'Asks %s whether it is ready: its image has no shell that could.' % name,
        image: platform.asker,
        command: ['tail', '-f', '/dev/null'],
        init: true,
        network_mode: 'service:' + name,
        depends_on: { [name]: { condition: 'service_started' } },
        healthcheck: compose.healthcheck(gate.test, gate.start),
        [if std.objectHas(service, 'profile') then 'profiles']: [service.profile],
        restart: 'unless-stopped',
        read_only: true,
        user: '65534:65534',
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        deploy: { resources: { limits: { cpus: '0.1', memory: '16m' } } },
      },
    },

  datastore(platform, name)::
    local store = platform.datastores[name];
    {
      image: store.image,
      command: store.command,
      environment: store.variables,
      healthcheck: compose.healthcheck(store.test, 60),
      networks: { default: { aliases: store.aliases } },
      ports: compose.ports(platform, name),
      volumes: [{ type: 'volume', source: store.volume, target: store.path }],
      restart: 'unless-stopped',
      security_opt: ['no-new-privileges:true'],
      [if std.objectHas(store, 'memory') then 'deploy']: { resources: { limits: { memory: store.memory } } },
    },

  monitoring(platform)::
    local monitoring = platform.monitoring;
    {
    [monitoring.names.prometheus]: {
      image: monitoring.prometheus,
      command: ['--config.file=/etc/prometheus/prometheus.yml', '--storage.tsdb.path=/prometheus', '--storage.tsdb.retention.time=2d'],
      volumes: [
        { type: 'bind', source: './prometheus/prometheus.yml', target: '/etc/prometheus/prometheus.yml', read_only: true },
        { type: 'volume', source: monitoring.volume, target: '/prometheus' },
      ],
      ports: [{ name: 'http', target: 9090, published: compose.variable(monitoring.ports.prometheus.variable, monitoring.ports.prometheus.published), protocol: 'tcp', host_ip: platform.loopback }],
      healthcheck: compose.healthcheck(['CMD', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:9090/-/ready'], 30),
      restart: 'unless-stopped',
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      deploy: { resources: { limits: { cpus: '0.5', memory: '512m' } } },
    },
    [monitoring.names.grafana]: {
      image: monitoring.grafana,
      environment: {
        GF_SECURITY_ADMIN_PASSWORD: '${%s:?is missing in .env, see .env.example}' % monitoring.password,
        GF_AUTH_ANONYMOUS_ENABLED: 'true',
        GF_ANALYTICS_REPORTING_ENABLED: 'false',
        GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
      },
      volumes: [
        { type: 'bind', source: './grafana/provisioning', target: '/etc/grafana/provisioning', read_only: true },
        { type: 'bind', source: './grafana/dashboards', target: '/var/lib/grafana/dashboards', read_only: true },
      ],
      ports: [{ name: 'http', target: 3000, published: compose.variable(monitoring.ports.grafana.variable, monitoring.ports.grafana.published), protocol: 'tcp', host_ip: platform.loopback }],
      depends_on: { [monitoring.names.prometheus]: { condition: 'service_healthy' } },
      healthcheck: compose.healthcheck(['CMD', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:3000/api/health'], 60),
      restart: 'unless-stopped',
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      deploy: { resources: { limits: { cpus: '0.5', memory: '512m' } } },
    },
  },

  // Everything that a container mounts by name.
  containers(platform):: [
    container
    for service in std.objectValues(platform.services)
    for container in [service] + std.get(service, 'before', []) + std.get(service, 'beside', [])
  ],

  file(platform)::
    local services = std.objectValues(platform.services);
    local variables = std.set([
      secret.variable
      for container in compose.containers(platform)
      for secret in std.get(container, 'secrets', [])
    ]);
    local files = [file for service in services for file in std.get(service, 'files', [])];
    {
    '#name': 'The development environment on one machine: cp .env.example .env, fill it in, docker compose up -d.',
    name: platform.project,
    services:
      std.foldl(
        function(all, name) all + { [name]: compose.service(platform, name) } + compose.companions(platform, name) + compose.gates(platform, name),
        std.objectFields(platform.services),
        {}
      )
      + { [name]: compose.datastore(platform, name) for name in std.objectFields(platform.datastores) }
      + compose.monitoring(platform),
    networks: { default: {} },
    volumes:
      { [volume.volume]: {} for service in services for volume in std.get(service, 'volumes', []) if std.objectHas(volume, 'volume') }
      + { [store.volume]: {} for store in std.objectValues(platform.datastores) }
      + { [platform.monitoring.volume]: {} },
    [if files != [] then 'configs']: { [file.name]: { content: file.content } for file in files },
    [if variables != [] then 'secrets']: { [compose.secretName(variable)]: { environment: variable } for variable in variables },
  },
}
