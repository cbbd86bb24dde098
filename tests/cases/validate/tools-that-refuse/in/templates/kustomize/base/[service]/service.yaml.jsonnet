function(env, service) { apiVersion: 'v1', kind: 'Service', metadata: { name: service.name }, spec: { ports: [{ port: 80 }] } }
