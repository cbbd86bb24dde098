local objects = import '../../_lib/objects.libsonnet';

function(env, service) objects.object(env, service, 'autoscaling/v2', 'HorizontalPodAutoscaler', {
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: service.name },
    minReplicas: service.replicas,
    maxReplicas: service.replicas * 3,
    metrics: [
      { type: 'Resource', resource: { name: name, target: { type: 'Utilization', averageUtilization: 70 } } }
      for name in ['cpu', 'memory']
    ],
    behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
  },
})
