local chart = import '../../_lib/chart.libsonnet';

function(env) chart.schema(env)
