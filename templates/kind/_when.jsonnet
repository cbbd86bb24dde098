function(env) std.length([name for name in std.objectFields(env.clusters) if std.objectHas(env.clusters[name], 'kind')]) > 0
