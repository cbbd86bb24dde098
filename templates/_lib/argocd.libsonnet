// Argo CD's objects. Meaning comes from the facts below `cluster.argocd`; here is only their shape.
{
  local argocd = self,

  // Server-side apply without the server-side diff stays OutOfSync for ever wherever a CRD has defaults.
  local compareOptions = { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' },

  labels(env):: {
    'app.kubernetes.io/part-of': env.project,
    'app.kubernetes.io/managed-by': 'hftgen',
  },

  // An Application of this cluster: `part` is `platform`, `datastores` or a service; null where the cluster has no such part.
  application(env, cluster, part)::
    local found = [fact for fact in cluster.argocd.applications if fact.part == part];
    if found == [] then null else argocd.describe(env, cluster, found[0]),

  describe(env, cluster, fact):: {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name: fact.name,
      namespace: env.gitops.namespace,
      labels: argocd.labels(env),
      annotations: compareOptions {
        '#argocd.argoproj.io/manifest-generate-paths': 'Only a commit below these paths renders this Application again.',
        'argocd.argoproj.io/manifest-generate-paths': fact.generatePaths,
      },
    },
    spec: {
      project: env.argocd.project,
      source: { repoURL: env.gitops.repoURL, targetRevision: env.gitops.revision, path: fact.path },
      destination: { server: env.argocd.server, namespace: env.kubernetes.namespace },
      syncPolicy: argocd.syncPolicy(env),
      [if fact.ignoreDifferences != [] then '#ignoreDifferences']: 'Written by the Rollouts controller while a release runs.',
      [if fact.ignoreDifferences != [] then 'ignoreDifferences']: fact.ignoreDifferences,
    },
  },

  syncPolicy(env):: {
    [if env.argocd.autoSync then 'automated']: { prune: true, selfHeal: true },
    [if !env.argocd.autoSync then '#syncOptions']: 'No automated sync: a person syncs this Application.',
    syncOptions: [
      'ServerSideApply=true',
      'ApplyOutOfSyncOnly=true',
      'RespectIgnoreDifferences=true',
      'FailOnSharedResource=true',
    ],
    // A CRD or a namespace of another Application may come later: try again instead of waves across Applications.
    retry: { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '3m' } },
  },

  project(env, cluster):: {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: env.argocd.project, namespace: env.gitops.namespace, labels: argocd.labels(env) },
    spec: {
      description: '%s in %s on %s' % [env.project, env.environment, cluster.name],
      sourceRepos: [env.gitops.repoURL],
      destinations: [{ server: env.argocd.server, namespace: name } for name in cluster.kinds.namespaces],
      '#clusterResourceWhitelist': 'Exactly what is rendered; anything else is refused.',
      clusterResourceWhitelist: cluster.kinds.cluster,
      namespaceResourceWhitelist: cluster.kinds.namespaced,
      [if cluster.argocd.syncWindows != [] then '#syncWindows']:
        'By the week, holidays too: cron has no year. A minute early and late: its ends are outside a window, and clocks differ.',
      [if cluster.argocd.syncWindows != [] then 'syncWindows']: cluster.argocd.syncWindows,
    },
  },

  root(env, cluster):: [
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: env.argocd.root, namespace: env.gitops.namespace, labels: argocd.labels(env) },
      spec: {
        description: 'The only project that may write Applications and AppProjects',
        sourceRepos: [env.gitops.repoURL],
        destinations: [{ server: env.argocd.server, namespace: env.gitops.namespace }],
        namespaceResourceWhitelist: [
          { group: 'argoproj.io', kind: 'Application' },
          { group: 'argoproj.io', kind: 'AppProject' },
        ],
      },
    },
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {
        name: env.argocd.root,
        namespace: env.gitops.namespace,
        labels: argocd.labels(env),
        annotations: compareOptions { 'argocd.argoproj.io/manifest-generate-paths': '.' },
      },
      spec: {
        project: env.argocd.root,
        source: {
          repoURL: env.gitops.repoURL,
          targetRevision: env.gitops.revision,
          path: cluster.argocd.path,
          directory: {
            '#exclude': 'This file is applied once by hand: `kubectl apply -f root.yaml`.',
            exclude: 'root.yaml',
          },
        },
        destination: { server: env.argocd.server, namespace: env.gitops.namespace },
        syncPolicy: argocd.syncPolicy(env),
      },
    },
  ],
}
