local argocd = import '../../_lib/argocd.libsonnet';

function(env, cluster, service) argocd.application(env, cluster, service.name)
