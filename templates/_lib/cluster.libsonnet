// Objects outside any namespace.
local has(facts, name) = std.objectHas(facts, name);

{
  Namespace(facts):: {},

  PriorityClass(facts):: { value: facts.value, description: facts.why },

  StorageClass(facts):: {
    provisioner: facts.provisioner,
    '#parameters': 'Immutable: to change it, delete the class and sync. Disks that exist stay as they are.',
    parameters: facts.parameters,
    '#volumeBindingMode': 'The disk is made in the zone of its pod.',
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: true,
    [if has(facts, 'reclaim') then '#reclaimPolicy']: 'A deleted claim leaves its disk; a person deletes that.',
    [if has(facts, 'reclaim') then 'reclaimPolicy']: facts.reclaim,
  },
}
