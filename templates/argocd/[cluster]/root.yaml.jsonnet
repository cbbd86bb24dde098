// The one thing that a person applies: from here Argo CD reads the rest of this folder.
local argocd = import '../../_lib/argocd.libsonnet';

function(env, cluster) argocd.root(env, cluster)
