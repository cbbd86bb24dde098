// Kustomizations: a base lists its files, an overlay adds images, numbers of pods and what differs on its cluster.
{
  local kustomization = self,

  local files(facts) = [name + '.yaml' for name in std.objectFields(facts)],

  base(env, part)::
    local facts = if std.objectHas(env.parts, part) then env.parts[part] else {};
    if facts == {} then null else kustomization.kind { resources: files(facts) },

  overlay(cluster, part)::
    if std.objectHas(cluster.parts, part) then kustomization.describe(part, cluster.parts[part]) else null,

  describe(part, facts):: kustomization.kind {
    resources: (if facts.base then ['../../../base/' + part] else []) + files(facts.files),
    [if facts.images != [] then 'images']: [kustomization.image(image) for image in facts.images],
    [if facts.replicas != [] then '#patches']: "Numbers of pods: kustomize's own `replicas` knows no Rollouts.",
    [if facts.replicas != [] then 'patches']: [kustomization.replicas(item) for item in facts.replicas],
  },

  kind:: { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' },

  image(image):: {
    name: image.name,
    newName: image.repository,
    [if std.objectHas(image, 'tag') then 'newTag']: image.tag,
    [if std.objectHas(image, 'digest') then 'digest']: image.digest,
  },

  replicas(item):: {
    target: { kind: item.kind, name: item.name },
    patch: std.manifestJsonMinified([{ op: 'add', path: '/spec/replicas', value: item.count }]),
  },
}
