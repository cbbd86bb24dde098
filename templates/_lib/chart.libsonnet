// The Helm chart: the same objects, with what a Helm user changes turned into references to values.
// Which values there are, and their paths, is decided in generator/hftgen/facts/chart.py.
local objects = import 'objects.libsonnet';
local has(facts, name) = std.objectHas(facts, name);

local expression(text) = { '{{}}': text };
local guard(condition, value) = { '{{if}}': condition, 'then': value };
local quoted(words) = std.join(' ', ['"%s"' % word for word in words]);

{
  local chart = self,

  // The objects of a part: those of all clusters, then those of one, which its name in the values lets in.
  documents(env, part)::
    local places = [name for name in std.objectFields(env.clusters) if has(env.clusters[name].parts, part)];
    local everywhere = std.length(places) == std.length(env.clusters);
    local shared = [
      if everywhere then object else guard('has .Values.cluster (list %s)' % quoted(places), object)
      for object in chart.objects(env, part, env.parts[part], places[0])
    ];
    local own = [
      guard('eq .Values.cluster "%s"' % name, object)
      for name in places
      for object in chart.objects(env, part, env.clusters[name].parts[part].files, name)
    ];
    if has(env.parts, part) then shared + own else null,

  objects(env, part, files, cluster):: [
    local reference = chart.jobName(env, part, facts, cluster);
    local named = if facts.kind == 'Job' then facts { name: objects.name(facts), reference: reference } else facts;
    local object = chart.write(env, part, if has(facts, 'escape') then chart.escape(named) else named);
    if facts.kind == 'Namespace' then guard('.Values.namespace.create', object) else object
    for name in std.objectFields(files)
    for facts in files[name]
  ],

  // A Job cannot be changed: with other values than ours it is another one.
  jobName(env, part, facts, cluster)::
    local hash = '(%s | toJson | sha256sum | trunc 10)' % chart.values(part, facts);
    local other = '(printf "%s-%%s" %s)' % [facts.name, hash];
    local places = [name for name in std.objectFields(env.chart.jobs) if has(env.chart.jobs[name], part)];
    local ours = env.chart.jobs[if std.member(places, cluster) then cluster else places[0]][part];
    expression('ternary "%s" %s (eq %s "%s")' % [objects.name(facts), other, hash, ours]),

  // A patch of what refers to values changes what they stand for.
  write(env, part, facts)::
    local object = objects.shape(chart.refer(env, part, facts));
    if has(facts, 'patches') then { '{{patch}}': facts.patches, 'then': object, plain: objects.shape(facts) } else object,

  // Text that Helm must leave as it is.
  escape(value)::
    if std.isString(value) then std.strReplace(value, '{{', '{{ `{{` }}')
    else if std.isArray(value) then [chart.escape(item) for item in value]
    else if std.isObject(value) then { [key]: chart.escape(value[key]) for key in std.objectFields(value) }
    else value,

  // The facts of an object with references to values where a value is.
  refer(env, part, facts)::
    local values = chart.values(part, facts);
    local here = has(facts, 'namespace') && facts.namespace == env.kubernetes.namespace;
    facts
    + (if here then { namespace: expression('.Release.Namespace | quote') } else {})
    + (if has(facts, 'reference') then { name: facts.reference } else {})
    + (if facts.kind == 'Namespace' then { name: expression('.Release.Namespace | quote') } else {})
    + (if has(facts, 'pod') && has(facts, 'selector') then chart.replicas(env, part, values) else {})
    + (if has(facts, 'pod') then { pod: chart.pod(part, facts, values) } else {})
    + (if has(facts, 'variables') then chart.config(part, facts) else {})
    + (if has(facts, 'host') then { host: expression(values + '.host | quote') } else {})
    + (if has(facts, 'listeners') then { listeners: [chart.listener(item) for item in facts.listeners] } else {})
    + (if has(facts, 'routes') then { routes: expression('.Release.Namespace | quote') } else {})
    + (if has(facts, 'metrics') then { metrics: [chart.metric(env, item) for item in facts.metrics] } else {})
    + (if has(facts, 'groups') then { groups: [chart.group(env, item) for item in facts.groups] } else {}),

  // The number of pods, unless an autoscaler sets it; where that differs by cluster, the values say.
  replicas(env, part, values)::
    local scaled = [
      part != 'datastores' && has(cluster.services[part], 'autoscale')
      for cluster in std.objectValues(env.clusters)
      if has(cluster.parts, part)
    ];
    local count = expression(values + '.replicas');
    if !std.member(scaled, true) then { replicas: count }
    else if std.member(scaled, false) then { replicas: guard('hasKey %s "replicas"' % values, count) }
    else {},

  // Where the values of a workload, or of what belongs to it, stand.
  values(part, facts)::
    if part == 'datastores' then '(index .Values.datastores "%s")' % facts.name
    else if has(facts, 'variant') then '(index .Values.services %s)' % quoted([part, 'variants', facts.variant])
    else '(index .Values.services "%s")' % part,

  // Where those of a container stand that is not the main one.
  inner(part, container):: '(index .Values.services %s)' % quoted([part, 'containers', container]),

  pod(part, facts, values)::
    // Resources that a patch is about are the patch's, not a value's.
    local fixed = has(facts, 'fixed');
    facts.pod {
      containers: [chart.container(part, container, values, fixed) for container in super.containers],
      [if has(facts.pod, 'init') then 'init']: [
        chart.container(part, container, chart.inner(part, container.name), fixed)
        for container in super.init
      ],
    },

  container(part, facts, values, fixed)::
    facts {
      image: expression('include "chart.image" %s.image | quote' % values),
      [if has(facts, 'resources') && !fixed then 'resources']: { '{{toYaml}}': values + '.resources' },
      [if has(facts, 'envFrom') then 'envFrom']: [chart.configName(part, facts)],
    },

  // A changed value makes a new name, and with it new pods: the same hash as in configuration.py.
  config(part, facts)::
    local values = chart.configValues(part, facts.variables);
    {
      name: chart.hashed(facts.variables, values),
      data: { '{{toYaml}}': values },
    },

  configName(part, container)::
    local owner = chart.owner(container.envFrom[0]);
    chart.hashed(owner, chart.configValues(part, owner)),

  // `<owner>-config-<hash>`
  owner(name):: std.substr(name, 0, std.length(name) - std.length('-config-') - 10),

  configValues(part, owner)::
    (if owner == part then chart.values(part, {})
     else chart.inner(part, std.substr(owner, std.length(part) + 1, std.length(owner)))) + '.config',

  hashed(owner, values):: expression('printf "%s-config-%%s" (%s | toJson | sha256sum | trunc 10)' % [owner, values]),

  listener(facts):: facts { host: expression('(index .Values.services "%s").host | quote' % facts.name) },

  // What is measured is measured where the release is.
  metric(env, facts):: facts { query: chart.measured(env, facts.query) },

  group(env, facts):: facts { rules: [chart.rule(env, rule) for rule in facts.rules] },

  rule(env, facts):: facts {
    expr: chart.measured(env, facts.expr),
    [if has(facts.labels, 'namespace') then 'labels']: facts.labels { namespace: expression('.Release.Namespace | quote') },
  },

  measured(env, query)::
    std.strReplace(query, 'namespace="%s"' % env.kubernetes.namespace, 'namespace="{{ .Release.Namespace }}"'),
}
