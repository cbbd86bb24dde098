// Argo CD's objects. Meaning comes from the facts below `cluster.argocd` and `cluster.addons`; here is only their shape.
{
  local argocd = self,

  // Server-side apply without the server-side diff stays OutOfSync for ever wherever a CRD has defaults.
  local compareOptions = { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' },

  // What brings Argo CD itself to life goes only when a person takes it away.
  local kept = { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' },

  labels(env):: {
    'app.kubernetes.io/part-of': env.project,
    'app.kubernetes.io/managed-by': 'hftgen',
  },

  metadata(env, name, annotations={}):: {
    name: name,
    namespace: env.gitops.namespace,
    labels: argocd.labels(env),
    [if annotations != {} then 'annotations']: annotations,
  },

  // An Application of this cluster: `part` is `platform`, `datastores` or a service; null where the cluster has no such part.
  application(env, cluster, part)::
    local found = [fact for fact in cluster.argocd.applications if fact.part == part];
    if found == [] then null else argocd.describe(env, found[0]),

  describe(env, fact):: {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: argocd.metadata(env, fact.name, compareOptions {
      '#argocd.argoproj.io/manifest-generate-paths': 'Only a commit below these paths renders this Application again.',
      'argocd.argoproj.io/manifest-generate-paths': fact.generatePaths,
    }) {
      [if fact.cascade then '#finalizers']: 'When this Application goes, so does what it holds; data waits for `argocd app confirm-deletion`.',
      [if fact.cascade then 'finalizers']: ['resources-finalizer.argocd.argoproj.io/foreground'],
    },
    spec: {
      project: env.argocd.project,
      source: { repoURL: env.gitops.repoURL, targetRevision: env.gitops.revision, path: fact.path },
      destination: { server: env.argocd.server, namespace: env.kubernetes.namespace },
      syncPolicy: argocd.syncPolicy(env, fact.syncOptions),
      [if fact.ignoreDifferences != [] then '#ignoreDifferences']: 'Written by the Rollouts controller while a release runs.',
      [if fact.ignoreDifferences != [] then 'ignoreDifferences']: fact.ignoreDifferences,
    },
  },

  // One Application for each chart of an add-on.
  addon(env, addon):: [argocd.chart(env, fact) for fact in addon.applications],

  chart(env, fact):: {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: argocd.metadata(env, fact.name, compareOptions),
    spec: {
      project: env.argocd.addons,
      source: { repoURL: fact.repoURL, targetRevision: fact.revision } + (
        if std.objectHas(fact, 'chart')
        then {
          chart: fact.chart,
          helm: { releaseName: fact.release, [if fact.values != {} then 'valuesObject']: fact.values },
        }
        else { path: fact.path }
      ),
      destination: { server: env.argocd.server, namespace: fact.namespace },
      syncPolicy: argocd.syncPolicy(env, fact.syncOptions),
      [if fact.ignoreDifferences != [] then '#ignoreDifferences']: "Written by the add-on's own controllers.",
      [if fact.ignoreDifferences != [] then 'ignoreDifferences']: fact.ignoreDifferences,
    },
  },

  syncPolicy(env, options, selfHeal=true):: {
    [if env.argocd.autoSync then 'automated']: { prune: true, [if selfHeal then 'selfHeal']: true },
    [if !env.argocd.autoSync then '#syncOptions']: 'No automated sync: a person syncs this Application.',
    syncOptions: options,
    // A CRD or a namespace of another Application may come later: try again instead of waves across Applications.
    retry: env.argocd.retry,
  },

  projects(env, cluster)::
    [argocd.project(env, cluster)]
    + (if cluster.argocd.addonProject == null then [] else [argocd.addonProject(env, cluster)])
    + (if env.gitops.settings.manage then [argocd.settingsProject(env, cluster), argocd.lockedProject(env)] else []),

  project(env, cluster):: {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: argocd.metadata(env, env.argocd.project, cluster.argocd.subscriptions),
    spec: {
      description: '%s in %s on %s' % [env.project, env.environment, cluster.name],
      sourceRepos: [env.gitops.repoURL],
      destinations: [{ server: env.argocd.server, namespace: name } for name in cluster.kinds.namespaces],
      '#clusterResourceWhitelist': 'Exactly what is rendered; anything else is refused.',
      clusterResourceWhitelist: cluster.kinds.cluster,
      namespaceResourceWhitelist: cluster.kinds.namespaced,
      [if cluster.argocd.roles != [] then 'roles']: cluster.argocd.roles,
    } + argocd.windows(cluster.argocd.syncWindows),
  },

  addonProject(env, cluster):: {
    local facts = cluster.argocd.addonProject,
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: argocd.metadata(env, env.argocd.addons, cluster.argocd.subscriptions),
    spec: {
      description: 'Add-ons of %s in %s on %s' % [env.project, env.environment, cluster.name],
      sourceRepos: facts.repositories,
      destinations: [{ server: env.argocd.server, namespace: name } for name in facts.namespaces],
      '#clusterResourceWhitelist': 'What the charts install with our values.',
      clusterResourceWhitelist: facts.cluster,
      namespaceResourceWhitelist: facts.namespaced,
    } + argocd.windows(cluster.argocd.addonWindows),
  },

  windows(windows):: if windows == [] then {} else {
    '#syncWindows': 'By the week, holidays too: cron has no year. A minute early and late: its ends are outside a window, and clocks differ.',
    syncWindows: windows,
  },

  settingsProject(env, cluster):: {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: argocd.metadata(env, env.argocd.settings),
    spec: {
      description: "Argo CD's own configuration on %s" % cluster.name,
      sourceRepos: [env.gitops.repoURL],
      destinations: [{ server: env.argocd.server, namespace: env.gitops.namespace }],
      namespaceResourceWhitelist: [{ group: '', kind: 'ConfigMap' }],
    },
  },

  lockedProject(env):: {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: argocd.metadata(env, 'default', kept),
    spec: {
      description: 'Locked: as Argo CD makes it, it admits everything from everywhere',
      sourceRepos: [],
      destinations: [],
      clusterResourceWhitelist: [],
      namespaceResourceWhitelist: [],
    },
  },

  // The Application of settings/, in a project that writes nothing but ConfigMaps of Argo CD's namespace.
  settings(env, cluster):: if !env.gitops.settings.manage then null else {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: argocd.metadata(env, env.argocd.settings, compareOptions {
      'argocd.argoproj.io/manifest-generate-paths': '.',
    }),
    spec: {
      project: env.argocd.settings,
      source: {
        repoURL: env.gitops.repoURL,
        targetRevision: env.gitops.revision,
        path: cluster.argocd.path + '/settings',
      },
      destination: { server: env.argocd.server, namespace: env.gitops.namespace },
      syncPolicy: argocd.syncPolicy(env, cluster.argocd.settingsOptions),
    },
  },

  // A ConfigMap that Argo CD's installation made: server-side apply owns the keys that stand here and leaves the rest.
  configuration(env, name, data):: if !env.gitops.settings.manage || data == {} then null else {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: name,
      namespace: env.gitops.namespace,
      '#labels': 'Argo CD reads no ConfigMap without it.',
      labels: { 'app.kubernetes.io/part-of': 'argocd' },
      annotations: kept,
    },
    '#data': "Only these keys are ours; the others stay as Argo CD's installation has them.",
    data: data,
  },

  root(env, cluster):: [
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: argocd.metadata(env, env.argocd.root, kept),
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
      metadata: argocd.metadata(env, env.argocd.root, compareOptions + kept {
        'argocd.argoproj.io/manifest-generate-paths': '.',
      }),
      spec: {
        project: env.argocd.root,
        source: {
          repoURL: env.gitops.repoURL,
          targetRevision: env.gitops.revision,
          path: cluster.argocd.path,
          directory: {
            recurse: true,
            [if env.gitops.settings.manage then '#exclude']: 'They are of other kinds, and of an Application of their own.',
            [if env.gitops.settings.manage then 'exclude']: 'settings/*',
          },
        },
        destination: { server: env.argocd.server, namespace: env.gitops.namespace },
        [if env.argocd.autoSync then '#syncPolicy']: 'No self-healing: a freeze that is lifted by hand stays lifted until the next commit.',
        syncPolicy: argocd.syncPolicy(env, cluster.argocd.rootOptions, selfHeal=false),
      },
    },
  ],
}
