local argocd = import '../../../_lib/argocd.libsonnet';

function(env, cluster, addon) argocd.addon(env, addon)
