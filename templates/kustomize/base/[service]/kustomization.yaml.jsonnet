local kustomization = import '../../../_lib/kustomization.libsonnet';

function(env, service) kustomization.base(env, service.name)
