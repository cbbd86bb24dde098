// What compose.yaml needs to know of a machine. Values stay out of Git: .env is nobody's but the developer's.
local compose = import '../../_lib/compose.libsonnet';

local limits(platform) = [
  line
  for container in compose.containers(platform)
  if std.objectHas(container, 'limits')
  for line in
    (if std.objectHas(container.limits, 'cpus') then ['# %s=%s' % [container.limits.cpusVariable, container.limits.cpus]] else [])
    + (if std.objectHas(container.limits, 'memory') then ['# %s=%s' % [container.limits.memoryVariable, container.limits.memory]] else [])
];

function(envs)
  local platform = compose.platform(envs);
  if platform == null then null else
    std.lines(
      [
        '# cp .env.example .env, and fill in what stands empty. Anything will do here: nothing of it is used elsewhere.',
        '# `openssl rand -hex 16` gives a password.',
      ]
      + [variable + '=' for variable in platform.passwords]
      + ['', '# Where services are reached on this machine.']
      + ['# %s=%d' % [port.variable, port.published] for name in std.objectFields(platform.ports) for port in platform.ports[name]]
      + ['# %s=%d' % [port.variable, port.published] for port in std.objectValues(platform.monitoring.ports)]
      + ['', '# What containers may use at most.']
      + limits(platform)
    )
