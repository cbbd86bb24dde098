function(env, cluster) [
  { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'good' }, spec: { size: 1, free: { any: 'thing' }, port: 'http' } },
  { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'bad' }, spec: { sizes: 1, port: true, mode: 'c' } },
  { apiVersion: 'example.com/v2', kind: 'Thing', metadata: { name: 'newer' } },
]
