// Configuration and secrets.
local has(facts, name) = std.objectHas(facts, name);

{
  ConfigMap(facts):: { [if !has(facts, 'mutable') then 'immutable']: true, data: facts.data },

  ExternalSecret(facts):: {
    spec: {
      refreshInterval: facts.refresh,
      secretStoreRef: { kind: 'SecretStore', name: facts.store },
      target: { name: facts.name, [if has(facts, 'template') then 'template']: facts.template },
      data: [
        { secretKey: entry.secretKey, remoteRef: { key: entry.key, property: entry.property } }
        for entry in facts.data
      ],
    },
  },

  SecretStore(facts)::
    local provider = facts.provider;
    local account = { name: facts.account };
    {
      spec: {
        provider: {
          vault: {
            vault: {
              server: provider.address,
              [if has(provider, 'namespace') then 'namespace']: provider.namespace,
              path: provider.mount,
              version: 'v2',
              auth: {
                kubernetes: {
                  mountPath: provider.authMount,
                  role: provider.role,
                  serviceAccountRef: account { audiences: [provider.audience] },
                },
              },
            },
          },
          'aws-secrets-manager': {
            aws: {
              service: 'SecretsManager',
              region: provider.region,
              auth: { jwt: { serviceAccountRef: account } },
            },
          },
          'gcp-secret-manager': {
            gcpsm: { projectID: provider.account, auth: { workloadIdentity: { serviceAccountRef: account } } },
          },
          'azure-key-vault': {
            azurekv: { vaultUrl: provider.address, authType: 'WorkloadIdentity', serviceAccountRef: account },
          },
        }[facts.backend],
      },
    },
}
