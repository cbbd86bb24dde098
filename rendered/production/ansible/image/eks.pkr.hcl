# An image for nodes of one pool on EKS, from EKS' own (Amazon Linux 2023):
#
#   packer init eks.pkr.hcl
#   packer build -var-file=CLUSTER_POOL.pkrvars.json -var subnet=subnet-... eks.pkr.hcl
#
# It is built on the pool's own machine type, and read back there after a reboot: only there do huge pages and sets of
# CPUs prove anything. Its name is the one by which the pool's launch template looks it up; whatever it is made of
# changes the name. Two images of one name cannot be: to build anew, deregister the old one first.

packer {
  required_version = ">= 1.11.0"

  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = "~> 1.3"
    }
    ansible = {
      source  = "github.com/hashicorp/ansible"
      version = "~> 1.1"
    }
  }
}

variable "image" {
  type        = string
  description = "The image's name: the pool's, with a hash of what it is made of."
}

variable "source" {
  type        = string
  description = "The name of EKS' image; with * in place of a release, the newest is taken."
}

variable "region" {
  type        = string
  description = "The region in which the cluster lies."
}

variable "machine" {
  type        = string
  description = "The machine type of the pool."
}

variable "group" {
  type        = string
  description = "The pool's group in Ansible's inventory."
}

variable "tags" {
  type        = map(string)
  description = "Tags of the image and of what stands for it while it is built."
}

variable "subnet" {
  type        = string
  description = "A subnet from which AWS' endpoints and package mirrors are reached, such as one of the cluster's private ones."
}

variable "kms_key" {
  type        = string
  default     = "alias/aws/ebs"
  description = "The key that encrypts the image; nodes' roles must be allowed to use it."
}

source "amazon-ebs" "eks" {
  region        = var.region
  instance_type = var.machine
  subnet_id     = var.subnet

  ami_name        = var.image
  ami_description = "Built from ${var.source}"
  encrypt_boot    = true
  kms_key_id      = var.kms_key
  imds_support    = "v2.0"

  source_ami_filter {
    filters = {
      name                = var.source
      root-device-type    = "ebs"
      virtualization-type = "hvm"
    }
    most_recent = true
    owners      = ["amazon"]
  }

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }

  # No port is open and no address public: the session goes through AWS.
  communicator                = "ssh"
  ssh_username                = "ec2-user"
  ssh_interface               = "session_manager"
  associate_public_ip_address = false

  temporary_iam_instance_profile_policy_document {
    Version = "2012-10-17"
    Statement {
      Effect = "Allow"
      Action = [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ]
      Resource = ["*"]
    }
  }

  # A whole machine takes long to start.
  aws_polling {
    delay_seconds = 30
    max_attempts  = 120
  }

  run_tags        = var.tags
  run_volume_tags = var.tags
  snapshot_tags   = var.tags
  tags            = merge(var.tags, { Name = var.image })
}

build {
  sources = ["source.amazon-ebs.eks"]

  provisioner "ansible" {
    playbook_file       = "${path.root}/../playbooks/image.yaml"
    inventory_directory = "${path.root}/.."
    groups              = [var.group]
    user                = "ec2-user"
    use_proxy           = false
    ansible_env_vars    = ["ANSIBLE_CONFIG=${path.root}/../ansible.cfg"]
  }

  provisioner "shell" {
    inline            = ["sudo systemctl reboot"]
    expect_disconnect = true
  }

  # Ansible would knock once. A whole machine is back after a quarter of an hour, and the session through AWS with it.
  provisioner "shell" {
    inline              = ["uptime"]
    pause_before        = "60s"
    start_retry_timeout = "30m"
  }

  # The image is kept only if the machine is as told.
  provisioner "ansible" {
    playbook_file       = "${path.root}/../playbooks/verify.yaml"
    inventory_directory = "${path.root}/.."
    groups              = [var.group]
    user                = "ec2-user"
    use_proxy           = false
    ansible_env_vars    = ["ANSIBLE_CONFIG=${path.root}/../ansible.cfg"]
  }

  # What belongs to this machine alone.
  provisioner "shell" {
    inline = [
      "sudo cloud-init clean --logs --seed",
      "sudo rm -f /etc/ssh/ssh_host_*",
      "sudo truncate --size=0 /etc/machine-id",
    ]
  }

  post-processor "manifest" {
    output     = "${var.image}.json"
    strip_path = true
  }
}
