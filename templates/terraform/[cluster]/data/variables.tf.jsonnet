// The module's own variables: typed, described and validated once.
local declarations = {
  aws: importstr '../../modules/aws/data/variables.tf',
  gcp: importstr '../../modules/gcp/data/variables.tf',
  azure: importstr '../../modules/azure/data/variables.tf',
};

function(env, cluster) declarations[cluster.cloud]
