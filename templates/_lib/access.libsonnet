// Who pods are, and what they may ask the API server.
{
  local access = self,

  ServiceAccount(facts):: { automountServiceAccountToken: false },

  Role(facts):: if std.objectHas(facts, 'tokens') then access.delegation(facts) else access.holder(facts),

  // cert-manager's controller asks for tokens of one service account.
  delegation(facts):: {
    rules: [
      { apiGroups: [''], resources: ['serviceaccounts/token'], resourceNames: [facts.tokens], verbs: ['create'] },
    ],
  },

  holder(facts):: {
    rules: [
      {
        '#apiGroups': 'Creation knows no names. The first holder makes the Lease: Argo CD leaves Leases alone.',
        apiGroups: ['coordination.k8s.io'],
        resources: ['leases'],
        verbs: ['create'],
      },
      {
        apiGroups: ['coordination.k8s.io'],
        resources: ['leases'],
        resourceNames: [facts.lease],
        verbs: ['get', 'update', 'patch'],
      },
      {
        '#apiGroups': 'Who takes the Lease takes the label from the other pods first, then gives it to its own.',
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
