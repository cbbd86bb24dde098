function(env, service) [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'extra', label: { a: 'b' } }, dta: { A: 'b' } },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'extra' }, spec: { ports: [{ port: 'eighty' }], type: 'Balanced' } },
  {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'extra' },
    spec: { template: { spec: { containers: [{ name: 'a', resources: { limits: { memory: '8GB' } } }] } } },
  },
  { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'extra' } },
]
