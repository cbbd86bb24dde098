function(env, service) { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'extra' }, dta: { A: 'b' } }
