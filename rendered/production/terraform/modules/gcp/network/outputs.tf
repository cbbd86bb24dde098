output "network" {
  description = "The network's id."
  value       = google_compute_network.this.id
}

output "vlans" {
  description = "What the router at the other end of each Interconnect must be told: VLAN and addresses of the BGP session."
  value = {
    for name, attachment in google_compute_interconnect_attachment.this : name => {
      vlan   = attachment.vlan_tag8021q
      ours   = attachment.cloud_router_ip_address
      theirs = attachment.customer_router_ip_address
    }
  }
}

output "vpn_addresses" {
  description = "Our ends of the VPN tunnels."
  value       = flatten([for gateway in google_compute_ha_vpn_gateway.this : gateway.vpn_interfaces[*].ip_address])
}

output "vpn_sessions" {
  description = "What the router at the other end of each tunnel must be told: addresses of the BGP session."
  value = {
    for name, tunnel in local.tunnels : name => {
      ours   = cidrhost(tunnel.link, 1)
      theirs = cidrhost(tunnel.link, 2)
    }
  }
}
