"""Clusters of hosts: Ansible's plays, and what kubeadm says of its configuration."""
