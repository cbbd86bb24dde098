local chart = import '../../../_lib/chart.libsonnet';

function(env, service) chart.documents(env, service.name)
