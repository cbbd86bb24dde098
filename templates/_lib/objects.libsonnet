// Kubernetes objects from their facts. What an object says is decided in generator/hftgen/facts; here is its shape alone.
local shapes =
  (import 'workloads.libsonnet')
  + (import 'access.libsonnet')
  + (import 'configuration.libsonnet')
  + (import 'endpoints.libsonnet')
  + (import 'network.libsonnet')
  + (import 'routes.libsonnet')
  + (import 'certificates.libsonnet')
  + (import 'availability.libsonnet')
  + (import 'analysis.libsonnet')
  + (import 'cluster.libsonnet')
  + (import 'cilium.libsonnet')
  + (import 'postgres.libsonnet')
  + (import 'rules.libsonnet');

local has(facts, name) = std.objectHas(facts, name);

{
  local objects = self,

  // One object, and what the spec's patches ask to be done to it.
  write(facts)::
    if std.objectHas(facts, 'patches') then { '{{patch}}': facts.patches, 'then': objects.shape(facts) }
    else objects.shape(facts),

  // One object as it is before patches.
  shape(facts):: {
    apiVersion: facts.apiVersion,
    kind: facts.kind,
    metadata: {
      name: objects.name(facts),
      [if has(facts, 'namespace') then 'namespace']: facts.namespace,
      labels: facts.labels,
      [if has(facts, 'annotations') then 'annotations']: facts.annotations,
    },
  } + shapes[facts.kind](facts),

  name(facts):: if facts.kind == 'Job' && !has(facts, 'reference') then shapes.jobName(facts) else facts.name,

  // The objects of one file of a part, or null where the part has no such file.
  file(files, name):: if std.objectHas(files, name) then [objects.write(facts) for facts in files[name]] else null,

  // A file of a part's base, and of its overlay on a cluster.
  base(env, part, name):: if std.objectHas(env.parts, part) then objects.file(env.parts[part], name) else null,
  overlay(cluster, part, name)::
    if std.objectHas(cluster.parts, part) then objects.file(cluster.parts[part].files, name) else null,
}
