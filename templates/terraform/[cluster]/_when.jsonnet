// A kind cluster is made by kind, and a metal one by Ansible.
function(env, cluster) std.objectHas(cluster, 'terraform')
