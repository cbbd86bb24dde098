local kustomization = import '../../../../_lib/kustomization.libsonnet';

function(env, cluster, service) kustomization.overlay(cluster, service.name)
