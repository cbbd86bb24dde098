local objects = import '../../_lib/objects.libsonnet';

function(env, service) [
  objects.object(env, service, 'v1', 'ServiceAccount', { automountServiceAccountToken: false }),
  objects.object(env, service, 'rbac.authorization.k8s.io/v1', 'Role', {
    rules: [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] }],
  }),
  objects.object(env, service, 'rbac.authorization.k8s.io/v1', 'RoleBinding', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: service.name },
    subjects: [{ kind: 'ServiceAccount', name: service.name, namespace: env.kubernetes.namespace }],
  }),
]
