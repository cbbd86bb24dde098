// The module's own variables: typed, described and validated once.
local declarations = {
  aws: importstr '../../modules/aws/cluster/variables.tf',
  gcp: importstr '../../modules/gcp/cluster/variables.tf',
  azure: importstr '../../modules/azure/cluster/variables.tf',
};

function(env, cluster) declarations[cluster.cloud]
