// A kind cluster is made by kind, a metal one by Ansible, and what somebody else makes has no section `terraform`.
function(env) std.objectHas(env, 'terraform') && env.terraform.clouds != []
