local objects = import '../../_lib/objects.libsonnet';

function(env, service) objects.object(env, service, 'apps/v1', 'Deployment', {
  spec: {
    replicas: service.replicas,
    revisionHistoryLimit: 5,
    selector: { matchLabels: objects.selector(service) },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: objects.pod(env, service),
  },
})
