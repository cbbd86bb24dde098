local kustomization = import '../../../../_lib/kustomization.libsonnet';

function(env, cluster) kustomization.overlay(cluster, 'platform')
