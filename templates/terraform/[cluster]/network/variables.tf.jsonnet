// The module's own variables: typed, described and validated once.
local declarations = {
  aws: importstr '../../modules/aws/network/variables.tf',
  gcp: importstr '../../modules/gcp/network/variables.tf',
  azure: importstr '../../modules/azure/network/variables.tf',
};

function(env, cluster) declarations[cluster.cloud]
