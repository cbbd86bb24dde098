// Objects outside any namespace.
local has(facts, name) = std.objectHas(facts, name);

{
  Namespace(facts):: {},

  // Both fields are immutable.
  PriorityClass(facts):: {
    value: facts.value,
    '#preemptionPolicy': 'On purpose: where room is short, pods of a lower priority go.',
    preemptionPolicy: 'PreemptLowerPriority',
    description: facts.why,
  },

  // A namespace's, and written with what stands before it.
  ResourceQuota(facts):: {
    spec: {
      '#hard': 'For accidents, such as an autoscaler without a sense of measure: four times all that releases need at once.',
      hard: { pods: std.toString(facts.pods) },
    },
  },

  PersistentVolume(facts):: {
    spec: {
      '#local': "A disk of this host. Nothing empties it: a volume that was released waits for a person.",
      'local': { path: facts.path, fsType: 'xfs' },
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: facts.size },
      storageClassName: facts.storage,
      persistentVolumeReclaimPolicy: 'Retain',
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [facts.node] }] },
          ],
        },
      },
    },
  },

  StorageClass(facts):: {
    provisioner: facts.provisioner,
    '#parameters': 'Immutable: a class that says something else has another name.',
    [if facts.parameters != {} then 'parameters']: facts.parameters,
    '#volumeBindingMode': 'The disk is made where its pod is placed.',
    volumeBindingMode: 'WaitForFirstConsumer',
    [if facts.grows then 'allowVolumeExpansion']: true,
    [if has(facts, 'reclaim') then '#reclaimPolicy']: 'A deleted claim leaves its disk; a person deletes that.',
    [if has(facts, 'reclaim') then 'reclaimPolicy']: facts.reclaim,
  },
}
