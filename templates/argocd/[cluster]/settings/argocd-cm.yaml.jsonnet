local argocd = import '../../../_lib/argocd.libsonnet';
local settings = import '../../../_lib/settings.libsonnet';

function(env, cluster) argocd.configuration(env, 'argocd-cm', settings['argocd-cm'](env, cluster))
