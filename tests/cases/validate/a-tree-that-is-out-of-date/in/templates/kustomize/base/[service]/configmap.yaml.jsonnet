function(env, service) { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: service.name }, data: { A: 'b' } }
