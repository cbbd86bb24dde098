local objects = import '../../_lib/objects.libsonnet';

local rule(env, service, name, expr, severity) = {
  alert: name,
  expr: expr,
  'for': '5m',
  labels: { severity: severity, service: service.name, environment: env.environment },
  annotations: {
    summary: '%s of %s in %s' % [name, service.name, env.environment],
    runbook: 'https://runbooks.example.com/%s/%s' % [service.name, name],
  },
};

function(env, service) objects.object(env, service, 'monitoring.coreos.com/v1', 'PrometheusRule', {
  spec: {
    groups: [
      {
        name: service.name,
        interval: '30s',
        rules: [
          rule(env, service, 'Errors', 'sum(rate(requests_total{service="%s",outcome="error"}[5m])) > 0.01' % service.name, 'page'),
          rule(env, service, 'Latency', 'histogram_quantile(0.99, sum by (le) (rate(request_duration_seconds_bucket{service="%s"}[5m]))) > 0.005' % service.name, 'page'),
          rule(env, service, 'NotReady', 'kube_deployment_status_replicas_unavailable{deployment="%s"} > 0' % service.name, 'ticket'),
          rule(env, service, 'Restarts', 'increase(kube_pod_container_status_restarts_total{container="%s"}[15m]) > 3' % service.name, 'ticket'),
        ],
      },
    ],
  },
})
