local argocd = import '../../../_lib/argocd.libsonnet';
local settings = import '../../../_lib/settings.libsonnet';

function(env, cluster) argocd.configuration(env, 'argocd-notifications-cm', settings['argocd-notifications-cm'](env, cluster))
