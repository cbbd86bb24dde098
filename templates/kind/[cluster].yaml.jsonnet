// What `kind create cluster --config` reads.
local has(facts, name) = std.objectHas(facts, name);

// A node's own part of kubeadm's configuration, where a pool's nodes keep others off.
local taints(node) = {
  kubeadmConfigPatches: [
    std.manifestJsonEx({ kind: 'JoinConfiguration', nodeRegistration: { taints: node.taints } }, '  ') + '\n',
  ],
};

local doors(kind) = {
  '#extraPortMappings': 'The gateways, from this machine alone.',
  extraPortMappings: [
    { containerPort: door.node, hostPort: door.host, listenAddress: '127.0.0.1', protocol: 'TCP' }
    for door in kind.doors
  ],
};

function(env, cluster) if !has(cluster, 'kind') then null else
  local kind = cluster.kind;
  local image = {
    [if !kind.digest then '#image']:
      'By a tag: no digest is known for Kubernetes %s. Add the one that `docker pull` says, or build with `kind build node-image`.' % env.kubernetes.version,
    image: kind.image,
  };
  {
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    kind: 'Cluster',
    name: kind.name,
    [if kind.networking != {} then 'networking']: kind.networking,
    [if kind.kubelet != {} then '#kubeadmConfigPatches']: 'Every kubelet is told the same: a node that joins takes what the cluster has.',
    [if kind.kubelet != {} then 'kubeadmConfigPatches']: [
      std.manifestJsonEx({ kind: 'KubeletConfiguration' } + kind.kubelet, '  ') + '\n',
    ],
    nodes: [
      { role: 'control-plane' } + image + (if kind.doors == [] then {} else doors(kind)),
    ] + [
      { role: 'worker', labels: node.labels } + image + (if node.taints == [] then {} else taints(node))
      for node in kind.nodes
    ],
  }
