local argocd = import '../../_lib/argocd.libsonnet';

function(env, cluster) argocd.projects(env, cluster)
