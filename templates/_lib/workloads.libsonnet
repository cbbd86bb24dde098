// What runs pods.
local pods = import 'pods.libsonnet';
local has(facts, name) = std.objectHas(facts, name);

// A value without its comments.
local bare(value) =
  if std.isObject(value) then { [key]: bare(value[key]) for key in std.objectFields(value) if key[0] != '#' }
  else if std.isArray(value) then [bare(item) for item in value]
  else value;

{
  local shapes = self,

  local claim(facts) = {
    accessModes: [facts.access],
    storageClassName: facts.class,
    resources: { requests: { storage: facts.size } },
  },

  Deployment(facts):: {
    spec: {
      [if has(facts, 'replicas') then 'replicas']: facts.replicas,
      selector: { matchLabels: facts.selector },
      [if has(facts, 'recreate') then '#strategy']: 'Its volume is held by one node at a time.',
      [if has(facts, 'recreate') then 'strategy']: { type: 'Recreate' },
      [if has(facts, 'surge') then 'strategy']: { type: 'RollingUpdate', rollingUpdate: facts.surge },
      [if has(facts, 'deadline') then '#progressDeadlineSeconds']: 'A start may take this long by its probe.',
      [if has(facts, 'deadline') then 'progressDeadlineSeconds']: facts.deadline,
      template: pods.template(facts.pod),
    },
  },

  StatefulSet(facts):: {
    spec: {
      serviceName: facts.headless,
      [if has(facts, 'replicas') then 'replicas']: facts.replicas,
      selector: { matchLabels: facts.selector },
      [if has(facts, 'parallel') then '#podManagementPolicy']: 'A shard that does not start keeps no other from starting.',
      [if has(facts, 'parallel') then 'podManagementPolicy']: 'Parallel',
      [if has(facts, 'partition') then '#updateStrategy']: 'Ordinals below the partition keep the version they have.',
      [if has(facts, 'partition') then 'updateStrategy']: {
        type: 'RollingUpdate',
        rollingUpdate: { partition: facts.partition },
      },
      template: pods.template(facts.pod),
      [if has(facts, 'claims') then '#persistentVolumeClaimRetentionPolicy']: 'A standby and a stopped shard are scaled to nothing: their disks stay, and a person deletes them.',
      [if has(facts, 'claims') then 'persistentVolumeClaimRetentionPolicy']: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      [if has(facts, 'claims') then '#volumeClaimTemplates']: 'Immutable, as podManagementPolicy is: to change it, grow the claims by hand, then `kubectl delete statefulset --cascade=orphan` and sync.',
      [if has(facts, 'claims') then 'volumeClaimTemplates']: [
        { metadata: { name: item.name }, spec: claim(item) }
        for item in facts.claims
      ],
    },
  },

  Rollout(facts):: {
    spec: {
      [if has(facts, 'replicas') then 'replicas']: facts.replicas,
      '#progressDeadlineAbort': 'A release whose pods do not become ready for so long goes back by itself, before a freeze begins.',
      progressDeadlineAbort: true,
      progressDeadlineSeconds: facts.deadline,
      [if has(facts, 'rollback') then '#rollbackWindow']: 'Back to one of the last versions at once: no steps, no pause, no analysis.',
      [if has(facts, 'rollback') then 'rollbackWindow']: { revisions: facts.rollback },
      selector: { matchLabels: facts.selector },
      strategy:
        if has(facts, 'canary') then { canary: shapes.canary(facts) } else { blueGreen: shapes.blueGreen(facts.blueGreen) },
      template: pods.template(facts.pod),
    },
  },

  canary(facts)::
    local canary = facts.canary;
    {
      [if has(canary, 'services') then 'stableService']: canary.services.stable,
      [if has(canary, 'services') then 'canaryService']: canary.services.canary,
      [if has(canary, 'router') then 'trafficRouting']: shapes.router(canary, facts.namespace),
      [if has(canary, 'analysis') then 'analysis']: {
        templates: [{ templateName: canary.analysis.template }],
        '#startingStep': 'Not before the new pods get requests.',
        [if has(canary.analysis, 'startingStep') then 'startingStep']: canary.analysis.startingStep,
        args: shapes.newPods(canary.analysis.argument),
      },
      [if has(canary, 'steps') then 'steps']: [shapes.step(step) for step in canary.steps],
    } + canary.surge,

  newPods(argument):: [{ name: argument, valueFrom: { podTemplateHashValue: 'Latest' } }],

  step(step)::
    if has(step, 'weight') then { setWeight: step.weight }
    else if has(step, 'pause') then { pause: step.pause }
    else {
      setHeaderRoute: {
        name: step.header.route,
        match: [{ headerName: step.header.name, headerValue: { exact: step.header.value } }],
      },
    },

  router(canary, namespace)::
    local router = canary.router;
    {
      [if has(canary, 'headerRoute') then 'managedRoutes']: [{ name: canary.headerRoute }],
    } + {
      istio: { istio: { virtualService: { name: router.name, routes: [router.route] } } },
      gateway: { plugins: { 'argoproj-labs/gatewayAPI': { httpRoute: router.name, namespace: namespace } } },
      alb: { alb: { ingress: router.name, servicePort: router.port } },
      nginx: {
        nginx: {
          stableIngress: router.name,
          [if has(router, 'header') then 'additionalIngressAnnotations']: {
            'canary-by-header': router.header.name,
            'canary-by-header-value': router.header.value,
          },
        },
      },
    }[router.kind],

  blueGreen(facts)::
    local gate(stage) = { templates: [{ templateName: facts[stage] }], args: shapes.newPods(facts.argument) };
    {
      activeService: facts.active,
      previewService: facts.preview,
      autoPromotionEnabled: facts.autoPromote,
      [if has(facts, 'previewReplicas') then 'previewReplicaCount']: facts.previewReplicas,
      [if has(facts, 'pre') then 'prePromotionAnalysis']: gate('pre'),
      [if has(facts, 'post') then 'postPromotionAnalysis']: gate('post'),
      '#scaleDownDelaySeconds': 'How long the old pods stay: until then the way back is a switch.',
      scaleDownDelaySeconds: facts.scaleDownDelay,
    },

  Job(facts):: { spec: shapes.job(facts) },

  CronJob(facts):: {
    spec: {
      schedule: facts.schedule,
      timeZone: facts.timeZone,
      concurrencyPolicy: facts.concurrency,
      '#startingDeadlineSeconds': 'A run that was missed, while suspended say, is not made up for out of its hour.',
      startingDeadlineSeconds: facts.deadline,
      [if has(facts, 'suspend') then '#suspend']: 'Nothing runs by itself on a standby cluster.',
      [if has(facts, 'suspend') then 'suspend']: facts.suspend,
      [if has(facts, 'history') then 'successfulJobsHistoryLimit']: facts.history.succeeded,
      [if has(facts, 'history') then 'failedJobsHistoryLimit']: facts.history.failed,
      jobTemplate: { spec: shapes.job(facts) },
    },
  },

  // A Job is never changed, so its name holds a hash of all it says; without a time to live, for Argo CD would run one
  // again that is gone.
  jobName(facts)::
    local changes(patch) = { [key]: patch[key] for key in std.objectFields(patch) if key != 'path' };
    local patches = if has(facts, 'patches') then [changes(patch) for patch in facts.patches] else [];
    local content = std.manifestJsonMinified([bare(shapes.job(facts)), facts.images, patches]);
    facts.name + '-' + std.substr(std.md5(content), 0, 10),

  // A pod that failed stays to be looked at; a new one tries again.
  job(facts):: { template: pods.template(facts.pod { restartPolicy: 'Never' }) },

  PersistentVolumeClaim(facts):: { spec: claim(facts.claim) },
}
