// Said once for pods, Terraform, the kubelet and the kernel: what differs here from a host is what verify fails for.
function(env, cluster, pool)
  local facts = std.get(std.get(cluster, 'ansible', { pools: {} }).pools, pool.name);
  if facts != null then {
    '#node': 'What every host of pool %s is; see roles/verify for how it is read back.' % pool.name,
    node: facts.node {
      '#kernel_arguments': 'Beside those that the system has of its own.',
      '#hugepages': 'Pages of each size on each NUMA node.',
      '#kubelet': 'Fields of KubeletConfiguration; reservedMemory sums to kubeReserved and evictionHard, or the kubelet does not start.',
    },
  }
