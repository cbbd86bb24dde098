// What Argo CD's own ConfigMaps say. Their values are texts; those with a structure are JSON, which is YAML too.
local write(value) = std.manifestJsonEx(value, '  ') + '\n';

// Whoever has merged health looks at one Application, root, and sees all.
local health = |||
  hs = {status = "Progressing", message = "Not assessed yet"}
  if obj.status ~= nil and obj.status.health ~= nil and obj.status.health.status ~= nil then
    hs.status = obj.status.health.status
    hs.message = obj.status.health.message
  end
  return hs
|||;

// What the owner's channel is told, by trigger: when, and in which words.
local name = '{{.app.metadata.name}}';
local told = {
  'out-of-sync': {
    when: "app.status.sync.status == 'OutOfSync'",
    oncePer: 'app.status.sync.revision',
    message: name + ': a commit waits to be synced.',
  },
  'release-paused': {
    when: "app.status.health.status == 'Suspended'",
    message: name + ': a release is paused and waits, or a cron job is suspended.',
  },
  'sync-failed': {
    when: "app.status.operationState != nil and app.status.operationState.phase in ['Error', 'Failed']",
    message: name + ': the sync failed: {{.app.status.operationState.message}}',
  },
  unhealthy: {
    when: "app.status.health.status == 'Degraded'",
    message: name + ': degraded; a release may have been aborted.',
  },
};

{
  'argocd-cm'(env, cluster):: {
    '#application.resourceTrackingMethod': 'Tracking by label would write over app.kubernetes.io/instance, which our selectors use.',
    'application.resourceTrackingMethod': 'annotation',
    '#resource.customizations.health.argoproj.io_Application': 'An Application of Applications is as healthy as they are.',
    'resource.customizations.health.argoproj.io_Application': health,
  },

  'argocd-rbac-cm'(env, cluster):: {
    '#policy.default': 'Whoever can log in may look.',
    'policy.default': 'role:readonly',
    [if cluster.argocd.policy != null then '#policy.%s.csv' % env.argocd.project]:
      'Operators promote, resume or abort a release, and lift a freeze: that is a change of its AppProject.',
    [if cluster.argocd.policy != null then 'policy.%s.csv' % env.argocd.project]: cluster.argocd.policy,
  },

  'argocd-notifications-cm'(env, cluster):: if cluster.argocd.channel == null then {} else {
    '#service.slack': 'The token is the key slack-token of the Secret argocd-notifications-secret.',
    'service.slack': write({ token: '$slack-token' }),
  } + {
    ['template.hftgen-' + trigger]: write({ message: told[trigger].message })
    for trigger in std.objectFields(told)
  } + {
    ['trigger.hftgen-' + trigger]: write([
      { when: told[trigger].when, send: ['hftgen-' + trigger] }
      + (if std.objectHas(told[trigger], 'oncePer') then { oncePer: told[trigger].oncePer } else {}),
    ])
    for trigger in std.objectFields(told)
  },
}
