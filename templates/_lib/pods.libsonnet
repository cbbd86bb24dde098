// Pod templates.
local has(facts, name) = std.objectHas(facts, name);

{
  local pods = self,

  template(facts):: {
    metadata: {
      labels: facts.labels,
      [pods.why(facts, 'annotations', 'annotations')]: facts.why.annotations,
      [if has(facts, 'annotations') then 'annotations']: facts.annotations,
    },
    spec: pods.spec(facts),
  },

  // The key of a comment, where the facts have a reason for it.
  why(facts, reason, key):: if has(facts, 'why') && has(facts.why, reason) then '#' + key,

  spec(facts):: {
    [if has(facts, 'account') then 'serviceAccountName']: facts.account,
    // Nobody asks the API server but the holder of a Lease.
    automountServiceAccountToken: has(facts, 'token'),
    [if has(facts, 'priorityClass') then 'priorityClassName']: facts.priorityClass,
    [if has(facts, 'nodeSelector') then 'nodeSelector']: facts.nodeSelector,
    [if has(facts, 'tolerations') then 'tolerations']: facts.tolerations,
    [if has(facts, 'spread') then 'topologySpreadConstraints']: [pods.spread(rule) for rule in facts.spread],
    [pods.why(facts, 'grace', 'terminationGracePeriodSeconds')]: facts.why.grace,
    [if has(facts, 'grace') then 'terminationGracePeriodSeconds']: facts.grace,
    [if has(facts, 'restartPolicy') then 'restartPolicy']: facts.restartPolicy,
    [if has(facts, 'aliases') then '#hostAliases']: 'A datastore that has an address and no name.',
    [if has(facts, 'aliases') then 'hostAliases']: [{ ip: alias.ip, hostnames: alias.names } for alias in facts.aliases],
    securityContext: pods.security(facts.security),
    [if has(facts, 'init') then 'initContainers']: [pods.container(container) for container in facts.init],
    containers: [pods.container(container) for container in facts.containers],
    [if has(facts, 'volumes') then 'volumes']: [pods.volume(volume) for volume in facts.volumes],
  },

  spread(rule):: {
    maxSkew: 1,
    topologyKey: rule.topologyKey,
    whenUnsatisfiable: if rule.required then 'DoNotSchedule' else 'ScheduleAnyway',
    labelSelector: { matchLabels: rule.select },
    [if rule.required then '#nodeTaintsPolicy']: 'A node that takes no pods now, cordoned or lost, does not count.',
    [if rule.required then 'nodeTaintsPolicy']: 'Honor',
    [if has(rule, 'revision') then 'matchLabelKeys']: [rule.revision],
  },

  security(facts):: {
    [if has(facts, 'nonRoot') then 'runAsNonRoot']: facts.nonRoot,
    [if has(facts, 'user') then 'runAsUser']: facts.user,
    [if has(facts, 'group') then 'runAsGroup']: facts.group,
    [if has(facts, 'fsGroup') then 'fsGroup']: facts.fsGroup,
    // A journal of many files is not walked through at each start.
    [if has(facts, 'fsGroup') then 'fsGroupChangePolicy']: 'OnRootMismatch',
    seccompProfile: { type: facts.seccomp },
    [if has(facts, 'sysctls') then 'sysctls']: facts.sysctls,
  },

  container(facts):: {
    name: facts.name,
    image: facts.image,
    [if has(facts, 'restartPolicy') then '#restartPolicy']: 'A sidecar: started before the others, stopped after them.',
    [if has(facts, 'restartPolicy') then 'restartPolicy']: facts.restartPolicy,
    [if has(facts, 'command') then 'command']: facts.command,
    [if has(facts, 'args') then 'args']: facts.args,
    [if has(facts, 'envFrom') then 'envFrom']: [{ configMapRef: { name: name } } for name in facts.envFrom],
    [if has(facts, 'env') then 'env']: [pods.variable(variable) for variable in facts.env],
    [if has(facts, 'ports') then 'ports']: [
      { name: port.name, containerPort: port.port, protocol: port.protocol }
      for port in facts.ports
    ],
    [if has(facts, 'resources') then 'resources']: facts.resources,
    [if has(facts, 'drain') then '#lifecycle']: 'Callers learn that it goes before it stops to listen.',
    [if has(facts, 'drain') then 'lifecycle']: { preStop: { sleep: { seconds: facts.drain } } },
    [if has(facts, 'rights') then 'securityContext']: facts.rights,
    [if has(facts, 'mounts') then 'volumeMounts']: [pods.mount(mount) for mount in facts.mounts],
  } + (if has(facts, 'probes') then pods.probes(facts.probes) else {}),

  variable(facts):: { name: facts.name } + (
    if has(facts, 'value') then { value: facts.value }
    else if has(facts, 'field') then { valueFrom: { fieldRef: { fieldPath: facts.field } } }
    else if has(facts, 'resource') then { valueFrom: { resourceFieldRef: { resource: facts.resource } } }
    else { valueFrom: { secretKeyRef: { name: facts.secret, key: facts.key } } }
  ),

  probes(facts):: {
    [if has(facts, 'startup') then 'startupProbe']: pods.probe(facts.startup),
    [if has(facts, 'ready') then 'readinessProbe']: pods.probe(facts.ready),
    [if has(facts, 'live') then 'livenessProbe']: pods.probe(facts.live),
  },

  probe(facts):: {
    [if has(facts, 'delay') then 'initialDelaySeconds']: facts.delay,
    [if has(facts, 'period') then 'periodSeconds']: facts.period,
    [if has(facts, 'timeout') then 'timeoutSeconds']: facts.timeout,
    [if has(facts, 'failures') then 'failureThreshold']: facts.failures,
  } + (
    if has(facts, 'http') then { httpGet: pods.http(facts) }
    else if has(facts, 'grpc') then
      { grpc: { port: facts.grpc, [if has(facts, 'service') then 'service']: facts.service } }
    else if has(facts, 'tcp') then { tcpSocket: { port: facts.tcp } }
    else { exec: { command: facts.exec } }
  ),

  http(facts):: {
    path: facts.http,
    port: facts.port,
    [if has(facts, 'scheme') then 'scheme']: facts.scheme,
    [if has(facts, 'headers') then 'httpHeaders']: facts.headers,
  },

  mount(facts):: {
    name: facts.name,
    mountPath: facts.path,
    [if has(facts, 'subPath') then 'subPath']: facts.subPath,
    [if has(facts, 'subPathExpr') then '#subPathExpr']: "Each shard's own, by its ordinal.",
    [if has(facts, 'subPathExpr') then 'subPathExpr']: facts.subPathExpr,
    [if has(facts, 'readOnly') then 'readOnly']: facts.readOnly,
  },

  volume(facts):: { name: facts.name } + (
    if has(facts, 'emptyDir') then { emptyDir: facts.emptyDir }
    else if has(facts, 'claim') then { persistentVolumeClaim: { claimName: facts.claim } }
    else if has(facts, 'configMap') then { configMap: { name: facts.configMap } }
    else { secret: { secretName: facts.secret, [if has(facts, 'items') then 'items']: facts.items } }
  ),
}
