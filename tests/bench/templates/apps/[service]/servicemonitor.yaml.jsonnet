local objects = import '../../_lib/objects.libsonnet';

function(env, service) objects.object(env, service, 'monitoring.coreos.com/v1', 'ServiceMonitor', {
  spec: {
    selector: { matchLabels: objects.selector(service) },
    endpoints: [{ port: 'metrics', interval: '15s', scrapeTimeout: '10s', path: '/metrics' }],
  },
})
