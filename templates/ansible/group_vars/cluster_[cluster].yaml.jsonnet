function(env, cluster)
  if std.objectHas(cluster, 'ansible') && cluster.cloud == 'metal' then
    { '#reboots': 'When a host may be taken out of service: hours of the week that no freeze needs, in minutes since Sunday 00:00 UTC.' }
    + cluster.ansible.variables
