local objects = import '../../_lib/objects.libsonnet';

function(env, service) objects.object(env, service, 'policy/v1', 'PodDisruptionBudget', {
  spec: { maxUnavailable: 1, selector: { matchLabels: objects.selector(service) } },
})
