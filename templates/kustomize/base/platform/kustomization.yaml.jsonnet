local kustomization = import '../../../_lib/kustomization.libsonnet';

function(env) kustomization.base(env, 'platform')
