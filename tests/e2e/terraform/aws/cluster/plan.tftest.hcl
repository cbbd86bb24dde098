# EKS: private, written down, encrypted; node groups as the pools say, and those that are pinned never updated.

mock_provider "aws" {}

variables {
  name                 = "shop-production-one"
  account              = "111122223333"
  partition            = "aws"
  region               = "us-east-1"
  permissions_boundary = "arn:aws:iam::111122223333:policy/shop-production-boundary"
  kubernetes_version   = "1.36"
  zones                = ["us-east-1a", "us-east-1b"]
  services_cidr        = "172.20.0.0/20"
  pods_apart           = true
  public_access_cidrs  = ["192.0.2.0/24"]
  private_access_cidrs = ["10.99.0.0/16"]
  admins               = { platform-oncall = "arn:aws:iam::111122223333:role/platform-oncall" }
  encryption_at_rest   = true
  deletion_protection  = true
  extended_support     = true
  log_days             = 365
  metrics_server       = true
  addon_versions       = { vpc-cni = "v1.20.1-eksbuild.1" }
  zone                 = "shop.example.com"
  siblings             = { shop-production-two = "us-west-2" }
  issuers              = ["container.googleapis.com/v1/projects/shop/locations/us-central1/clusters/mid"]

  roles = {
    shop-production-dns = {
      path     = "/"
      subjects = ["cert-manager:shop-production-dns"]
      statements = [
        { actions = ["route53:ChangeResourceRecordSets"], resources = ["arn:aws:route53:::hostedzone/{zone}"] },
      ]
    }
    reports = { path = "/teams/", subjects = ["shop-production:reports"], statements = [] }
  }

  node_pools = {
    general = {
      name         = "general-21a422ff"
      machine      = "m7i.4xlarge"
      architecture = "amd64"
      min          = 1
      max          = 4
      zones        = ["us-east-1a", "us-east-1b"]
      pinned       = false
      spot         = false
      placement    = false
      reserve      = false
      cores        = null
      nvme         = false
      disk_gib     = 100
      image        = null
      sysctls      = { "net.core.somaxconn" = "4096" }
      labels       = { "hftgen.io/pool" = "general" }
      taints       = []
      kubelet      = { maxPods = 234 }
    }
    latency = {
      name         = "latency-8d3251af"
      machine      = "c7i.metal-24xl"
      architecture = "amd64"
      min          = 3
      max          = 4
      zones        = ["us-east-1a"]
      pinned       = true
      spot         = false
      placement    = true
      reserve      = true
      cores        = null
      nvme         = false
      disk_gib     = 100
      image        = "shop-production-one-latency-33f0a6ad"
      sysctls      = {}
      labels       = { "hftgen.io/pool" = "latency" }
      taints       = [{ key = "hftgen.io/pool", value = "latency", effect = "NoSchedule" }]
      kubelet = {
        cpuManagerPolicy        = "static"
        cpuManagerPolicyOptions = { full-pcpus-only = "true" }
        kubeReservedCgroup      = ""
        maxPods                 = 737
        memoryManagerPolicy     = "Static"
        reservedMemory          = [{ numaNode = 0, limits = { memory = "8462Mi" } }]
        reservedSystemCPUs      = "0-1,48-49"
        topologyManagerPolicy   = "single-numa-node"
        topologyManagerScope    = "pod"
      }
    }
    quiet = {
      name         = "quiet-00000000"
      machine      = "c6id.8xlarge"
      architecture = "amd64"
      min          = 1
      max          = 4
      zones        = ["us-east-1a", "us-east-1b"]
      pinned       = false
      spot         = true
      placement    = false
      reserve      = false
      cores        = 16
      nvme         = true
      disk_gib     = 100
      image        = null
      sysctls      = {}
      labels       = { "hftgen.io/pool" = "quiet" }
      taints       = []
      kubelet      = { maxPods = 234 }
    }
  }
}

run "plan" {
  command = plan

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_private_access && aws_eks_cluster.this.vpc_config[0].endpoint_public_access && aws_eks_cluster.this.vpc_config[0].public_access_cidrs == toset(["192.0.2.0/24"])
    error_message = "The API server is open to access.cidrs."
  }

  assert {
    condition     = aws_eks_cluster.this.upgrade_policy[0].support_type == "EXTENDED"
    error_message = "AWS upgrades nothing by itself while exchanges are open."
  }

  assert {
    condition     = contains(aws_eks_cluster.this.enabled_cluster_log_types, "audit")
    error_message = "Who did what is written down."
  }

  assert {
    condition     = aws_eks_cluster.this.encryption_config[0].resources == toset(["secrets"])
    error_message = "Secrets are encrypted by a key of ours."
  }

  assert {
    condition     = aws_eks_cluster.this.access_config[0].authentication_mode == "API" && aws_eks_cluster.this.access_config[0].bootstrap_cluster_creator_admin_permissions == false
    error_message = "Whoever makes the cluster is nobody in it."
  }

  assert {
    condition     = aws_eks_access_entry.admin["platform-oncall"].principal_arn == "arn:aws:iam::111122223333:role/platform-oncall"
    error_message = "The admins of the spec are admins."
  }

  assert {
    condition     = alltrue([for key in aws_kms_key.this : key.enable_key_rotation])
    error_message = "Keys turn."
  }

  assert {
    condition     = aws_eks_addon.early["vpc-cni"].addon_version == "v1.20.1-eksbuild.1" && contains(keys(aws_eks_addon.late), "metrics-server")
    error_message = "Add-ons are there, at the versions that are said."
  }

  assert {
    condition     = local.cni.enableNetworkPolicy == "true" && keys(local.eni.eniConfig.subnets) == ["us-east-1a", "us-east-1b"]
    error_message = "Policies are enforced, and pods have their own subnets."
  }

  assert {
    condition     = aws_launch_template.this["latency"].name == "shop-production-one-latency-8d3251af" && aws_eks_node_group.pinned["latency"].node_group_name == "latency-8d3251af"
    error_message = "A pool is known by its hashed name."
  }

  assert {
    condition     = aws_eks_node_group.pinned["latency"].launch_template[0].version == "1" && !aws_launch_template.this["latency"].update_default_version
    error_message = "A pinned pool is never updated in place."
  }

  assert {
    condition     = aws_eks_node_group.pinned["latency"].ami_type == "CUSTOM" && aws_eks_node_group.pinned["latency"].node_repair_config[0].enabled == false && aws_eks_node_group.shared["general"].node_repair_config[0].enabled
    error_message = "People judge a node that trades."
  }

  assert {
    condition     = one(aws_eks_node_group.pinned["latency"].taint).effect == "NO_SCHEDULE"
    error_message = "The taint is the one that pods tolerate."
  }

  assert {
    condition     = aws_placement_group.this["latency"].strategy == "cluster" && aws_ec2_capacity_reservation.this["latency"].instance_count == 3 && aws_ec2_capacity_reservation.this["latency"].availability_zone == "us-east-1a"
    error_message = "Machines stand together, and their places are kept."
  }

  assert {
    condition     = local.node_configs["latency"].spec.kubelet.config.cpuManagerPolicy == "static" && !contains(keys(local.node_configs["latency"].spec.kubelet.config), "allowedUnsafeSysctls") && local.node_configs["latency"].spec.kubelet.config.kubeReservedCgroup == ""
    error_message = "The kubelet is told what is said, and nothing that is null."
  }

  assert {
    condition     = strcontains(local.node_configs["latency"].spec.kubelet.flags[0], "hftgen.io/pool=latency") && local.node_configs["latency"].spec.kubelet.flags[1] == "--register-with-taints=hftgen.io/pool=latency:NoSchedule"
    error_message = "A node of an image of ours has its label and taint from the first moment."
  }

  assert {
    condition     = !contains(keys(local.node_configs["general"].spec), "cluster") && strcontains(base64decode(aws_launch_template.this["general"].user_data), "Content-Type: application/node.eks.aws")
    error_message = "EKS completes the configuration of its own image."
  }

  assert {
    condition     = strcontains(base64decode(aws_launch_template.this["general"].user_data), "sysctl -w 'net.core.somaxconn=4096'")
    error_message = "Parameters that no image holds are set at boot."
  }

  assert {
    condition     = aws_launch_template.this["quiet"].cpu_options[0].core_count == 16 && aws_launch_template.this["quiet"].cpu_options[0].threads_per_core == 1 && length(aws_launch_template.this["latency"].cpu_options) == 0
    error_message = "SMT is off where it is said; metal has no such option."
  }

  assert {
    condition     = local.node_configs["quiet"].spec.instance.localStorage.strategy == "RAID0"
    error_message = "Local disks are scratch space."
  }

  assert {
    condition     = aws_eks_node_group.shared["quiet"].capacity_type == "SPOT" && aws_eks_node_group.shared["general"].capacity_type == "ON_DEMAND"
    error_message = "Spot is what the spec says."
  }

  assert {
    condition     = alltrue([for template in aws_launch_template.this : template.metadata_options[0].http_tokens == "required" && template.metadata_options[0].http_put_response_hop_limit == 1])
    error_message = "No pod reads the machine's credentials."
  }

  assert {
    condition     = alltrue([for template in aws_launch_template.this : template.block_device_mappings[0].ebs[0].encrypted == "true"])
    error_message = "Disks are encrypted."
  }

  assert {
    condition     = aws_iam_role.workload["reports"].path == "/teams/" && !contains(keys(aws_iam_role_policy.workload), "reports")
    error_message = "A role that the spec names is trusted; its rights are its owner's."
  }

  assert {
    condition     = alltrue([for role in concat([aws_iam_role.cluster, aws_iam_role.node], values(aws_iam_role.addon), values(aws_iam_role.workload)) : role.permissions_boundary == "arn:aws:iam::111122223333:policy/shop-production-boundary"])
    error_message = "Every role is bounded."
  }
}

run "alone" {
  command = plan

  variables {
    public_access_cidrs  = []
    private_access_cidrs = []
    pods_apart           = false
    metrics_server       = false
    encryption_at_rest   = false
    roles                = {}
    siblings             = {}
    issuers              = []
    zone                 = null
    node_pools           = {}
  }

  assert {
    condition     = !aws_eks_cluster.this.vpc_config[0].endpoint_public_access && length(aws_vpc_security_group_ingress_rule.access) == 0
    error_message = "Without access.cidrs only the network itself reaches the API server."
  }

  assert {
    condition     = length(local.eni) == 0 && local.cni.env.AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG == "false"
    error_message = "Pods have addresses of the machines."
  }

  assert {
    condition     = length(aws_kms_key.this) + length(aws_iam_role.workload) + length(aws_launch_template.this) == 0 && !contains(keys(aws_eks_addon.late), "metrics-server")
    error_message = "What is not asked for is not made."
  }
}
