local argocd = import '../../_lib/argocd.libsonnet';

function(env, cluster) argocd.application(env, cluster, 'datastores')
