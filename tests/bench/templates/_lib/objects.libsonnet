// What the benchmark's templates share; hftgen and Kapitan evaluate the same files.
{
  local objects = self,

  selector(service):: { 'app.kubernetes.io/name': service.name },

  labels(env, service):: objects.selector(service) + {
    'app.kubernetes.io/part-of': env.project,
    'app.kubernetes.io/managed-by': 'bench',
    environment: env.environment,
    team: env.owner.team,
  },

  object(env, service, apiVersion, kind, body):: {
    apiVersion: apiVersion,
    kind: kind,
    metadata: { name: service.name, namespace: env.kubernetes.namespace, labels: objects.labels(env, service) },
  } + body,

  resources(service):: {
    requests: { cpu: service.cpu.request, memory: service.memory.request },
    limits: { cpu: service.cpu.limit, memory: service.memory.limit },
  },

  probe(probe):: (
    if std.objectHas(probe, 'http') then { httpGet: { path: probe.http, port: std.get(probe, 'port', 'http') } }
    else { tcpSocket: { port: probe.tcp } }
  ) + { periodSeconds: 5, timeoutSeconds: 1, failureThreshold: 3 },

  environment(service):: [
    { name: name, value: objects.text(service.config[name]) }
    for name in std.objectFields(service.config)
  ] + [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],

  text(value):: if std.isString(value) then value else std.toString(std.get(value, 'value', '')),

  container(service):: {
    name: service.name,
    image: service.image,
    ports: [
      { name: name, containerPort: service.ports[name].target, protocol: service.ports[name].protocol }
      for name in std.objectFields(service.ports)
    ],
    env: objects.environment(service),
    resources: objects.resources(service),
    readinessProbe: objects.probe(service.probes.ready),
    livenessProbe: objects.probe(service.probes.live),
    lifecycle: { preStop: { sleep: { seconds: 5 } } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'files', mountPath: '/etc/' + service.name, readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  },

  pod(env, service):: {
    metadata: {
      labels: objects.labels(env, service),
      annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090' },
    },
    spec: {
      serviceAccountName: service.name,
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 60,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10001,
        runAsGroup: 10001,
        fsGroup: 10001,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: key,
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: objects.selector(service) },
        }
        for key in ['topology.kubernetes.io/zone', 'kubernetes.io/hostname']
      ],
      containers: [objects.container(service)],
      volumes: [
        { name: 'files', configMap: { name: service.name } },
        { name: 'tmp', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } },
      ],
    },
  },
}
