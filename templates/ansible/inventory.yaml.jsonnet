function(env)
  if std.objectHas(env, 'inventory') then { '#all': 'The hosts of all clusters on metal. Groups of clusters and pools have variables in group_vars/.' } + env.inventory
