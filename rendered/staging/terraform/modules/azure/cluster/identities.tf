# Who the cluster is to Azure: the control plane, which makes load balancers and disks, and the nodes, which pull images.
resource "azurerm_user_assigned_identity" "control" {
  name                = "${var.name}-control"
  resource_group_name = var.resource_group
  location            = var.location
  tags                = var.tags
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name                = "${var.name}-kubelet"
  resource_group_name = var.resource_group
  location            = var.location
  tags                = var.tags
}

# The network itself: AKS links the private zone of its API server to it.
resource "azurerm_role_assignment" "control_joins" {
  scope                = split("/subnets/", var.subnet_ids.nodes)[0]
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "control_lends" {
  scope                = azurerm_user_assigned_identity.kubelet.id
  role_definition_name = "Managed Identity Operator"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "kubelet_pulls" {
  count = var.registry_id == null ? 0 : 1

  scope                = var.registry_id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_user_assigned_identity.kubelet.principal_id
  principal_type       = "ServicePrincipal"
}

# Pods of these service accounts may log in as these identities, and no others.
resource "azurerm_federated_identity_credential" "service_accounts" {
  for_each = var.service_accounts

  name                      = "${substr(var.name, 0, 40)}-${substr(sha256("${var.name}/${each.key}"), 0, 12)}"
  user_assigned_identity_id = each.value.identity_id
  issuer                    = azurerm_kubernetes_cluster.main.oidc_issuer_url
  subject                   = "system:serviceaccount:${each.value.namespace}:${each.value.account}"
  audience                  = ["api://AzureADTokenExchange"]
}
