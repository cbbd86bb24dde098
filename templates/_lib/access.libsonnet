// Who pods are, and what they may ask the API server.
{
  ServiceAccount(facts):: { automountServiceAccountToken: false },

  Role(facts):: {
    rules: [
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
      {
        apiGroups: ['coordination.k8s.io'],
        resources: ['leases'],
        resourceNames: [facts.lease],
        verbs: ['get', 'update', 'patch'],
      },
      {
        '#resources': 'The holder labels its own pod, which the Service selects.',
        apiGroups: [''],
        resources: ['pods'],
        resourceNames: facts.pods,
        verbs: ['get', 'patch'],
      },
    ],
  },

  RoleBinding(facts):: {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: facts.name },
    subjects: [{ kind: 'ServiceAccount', name: facts.account, namespace: facts.namespace }],
  },
}
