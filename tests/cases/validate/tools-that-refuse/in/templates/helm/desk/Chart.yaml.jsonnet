function(env) { apiVersion: 'v2', name: env.project, version: '0.1.0' }
