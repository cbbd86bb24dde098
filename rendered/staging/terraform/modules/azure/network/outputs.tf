output "virtual_network_id" {
  description = "The virtual network."
  value       = azurerm_virtual_network.main.id
}

output "outbound_address" {
  description = "The address from which the cluster reaches the internet."
  value       = azurerm_public_ip.nat.ip_address
}

output "tunnels" {
  description = "Local network gateways that wait for a connection to the VPN gateway, made by hand with a key that both sides know."
  value       = { gateway = one(azurerm_virtual_network_gateway.vpn[*].id), sites = values(local.tunnels) }
}
