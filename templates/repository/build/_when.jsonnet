local pipeline = import '../../_lib/pipeline.libsonnet';

function(envs) pipeline.source(envs, 'build') != null
