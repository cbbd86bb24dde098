# What the provider would refuse is refused here, and the plan holds what the design promises.

mock_provider "azurerm" {
  mock_data "azurerm_client_config" {
    defaults = { tenant_id = "00000000-0000-0000-0000-000000000001" }
  }
  mock_data "azurerm_role_definition" {
    defaults = { role_definition_id = "/providers/Microsoft.Authorization/roleDefinitions/00000000-0000-0000-0000-000000000002" }
  }
}

variables {
  name           = "demo-production-weu"
  location       = "westeurope"
  resource_group = "demo-production-weu-x"
  tags           = { project = "demo" }
  subnet_ids = {
    endpoints = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/virtualNetworks/demo/subnets/endpoints"
    databases = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/virtualNetworks/demo/subnets/databases"
  }
  zone_ids = {
    blob     = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/privateDnsZones/blob.example.com"
    vault    = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/privateDnsZones/vault.example.com"
    postgres = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/privateDnsZones/postgres.example.com"
    redis    = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/privateDnsZones/redis.example.com"
  }
  admin_groups = ["33333333-3333-3333-3333-333333333333"]
  databases = {
    database = {
      name         = "demo-production-weu-database-012345"
      version      = "16"
      sku          = "GP_Standard_D4ds_v5"
      storage_mb   = 524288
      ha_mode      = "ZoneRedundant"
      zone         = "1"
      standby_zone = "2"
      backup_days  = 30
      geo_backups  = true
      source       = null
      record       = "database.weu.production"
      window       = { day = 6, hour = 2 }
    }
  }
  caches = {
    cache = {
      name              = "demo-production-weu-cache-012345"
      sku               = "Balanced_B10"
      high_availability = true
      persistent        = false
      record            = "cache.weu.production"
      users             = { web = { name = "demo-production-web", resource_group = "demo-production-shared" } }
    }
  }
  dns_zone = { name = "demo.example.com", resource_group = "demo-dns", ttl = 30 }
  backups = {
    storage_account = "demobackups"
    container       = "backups"
    replication     = "GZRS"
    immutable_days  = 30
    locked          = true
    delete_days     = 30
  }
  keys_vault = "demo-productio-76543210"
  secrets_vault = {
    name   = "demo-production"
    id     = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-production-weu-data/providers/Microsoft.KeyVault/vaults/demo-production"
    owned  = true
    open   = false
    reader = { name = "demo-production-secret-reader", resource_group = "demo-production-shared" }
  }
  allowed_ips = ["203.0.113.0/24"]
}

run "keeps_data" {
  command = plan

  assert {
    condition     = azurerm_postgresql_flexible_server.databases["database"].public_network_access_enabled == false && azurerm_managed_redis.caches["cache"].public_network_access == "Disabled"
    error_message = "Nothing is reached from outside."
  }
  assert {
    condition     = azurerm_postgresql_flexible_server.databases["database"].administrator_password == null
    error_message = "No password lies in the state."
  }
  assert {
    condition     = azurerm_managed_redis.caches["cache"].default_database[0].access_keys_authentication_enabled == false && azurerm_managed_redis.caches["cache"].default_database[0].client_protocol == "Encrypted"
    error_message = "No key lies in the state."
  }
  assert {
    condition     = azurerm_postgresql_flexible_server.databases["database"].high_availability[0].mode == "ZoneRedundant" && azurerm_postgresql_flexible_server.databases["database"].geo_redundant_backup_enabled
    error_message = "A zone, or a region, may fail."
  }
  assert {
    condition     = length(azurerm_postgresql_flexible_server_active_directory_administrator.groups) == 1
    error_message = "Somebody administers."
  }
  assert {
    condition     = keys(azurerm_dns_cname_record.datastores) == ["cache.weu.production", "database.weu.production"]
    error_message = "The manifests' names lead there."
  }
  assert {
    condition     = azurerm_storage_account.backups[0].immutability_policy[0].state == "Unlocked" && azurerm_storage_account.backups[0].immutability_policy[0].period_since_creation_in_days == 30
    error_message = "Nobody deletes a backup; Azure makes no policy that is locked from the first."
  }
  assert {
    condition     = azurerm_storage_account.backups[0].shared_access_key_enabled == false && azurerm_storage_account.backups[0].network_rules[0].default_action == "Deny"
    error_message = "Nobody reads a backup by a key, or from anywhere."
  }
  assert {
    condition     = length(azurerm_key_vault_key.backups[0].rotation_policy) == 1 && azurerm_key_vault.keys[0].purge_protection_enabled
    error_message = "The key rotates, and stays."
  }
  assert {
    condition     = azurerm_key_vault.secrets[0].network_acls[0].default_action == "Deny" && azurerm_role_assignment.reader[0].role_definition_name == "Key Vault Secrets User"
    error_message = "The store reads secrets, and writes none."
  }
  assert {
    condition     = length(azurerm_private_endpoint.endpoints) == 3 && length(azurerm_private_endpoint.keys) == 1
    error_message = "Everything is reached inside the network."
  }
  assert {
    condition     = length(azurerm_managed_redis_access_policy_assignment.users) == 1
    error_message = "Callers are let in."
  }
}

run "asks_another_subscription" {
  command = plan

  variables {
    secrets_vault = {
      name   = "demo-production"
      id     = "/subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/demo-production-neu-data/providers/Microsoft.KeyVault/vaults/demo-production"
      owned  = false
      open   = false
      manual = true
    }
  }

  assert {
    condition     = azurerm_private_endpoint.endpoints["secrets"].private_service_connection[0].is_manual_connection && azurerm_private_endpoint.endpoints["secrets"].private_service_connection[0].request_message != null
    error_message = "Who may not let itself in asks."
  }
  assert {
    condition     = !azurerm_private_endpoint.endpoints["backups"].private_service_connection[0].is_manual_connection
    error_message = "Its own needs nobody."
  }
}

run "follows" {
  command = plan

  variables {
    databases = {
      database = {
        name         = "demo-production-weu-database-012345"
        version      = "16"
        sku          = "GP_Standard_D4ds_v5"
        storage_mb   = 524288
        ha_mode      = null
        zone         = "1"
        standby_zone = null
        backup_days  = 30
        geo_backups  = false
        source       = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/g/providers/Microsoft.DBforPostgreSQL/flexibleServers/first"
        record       = "database.weu.production"
        window       = { day = 6, hour = 2 }
      }
    }
    caches        = {}
    backups       = null
    keys_vault    = null
    secrets_vault = null
    dns_zone      = null
    primary_network = {
      id             = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-production-neu-network/providers/Microsoft.Network/virtualNetworks/demo-production-neu"
      name           = "demo-production-neu"
      resource_group = "demo-production-neu-network"
      zone_id        = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-production-neu-network/providers/Microsoft.Network/privateDnsZones/demo-production-neu.postgres.database.azure.com"
    }
  }

  # Learn, "Replication across Azure regions and virtual networks with private networking".
  assert {
    condition     = azurerm_virtual_network_peering.from_primary[0].remote_virtual_network_id == local.network_id && azurerm_virtual_network_peering.from_primary[0].resource_group_name == "demo-production-neu-network" && azurerm_virtual_network_peering.to_primary[0].resource_group_name == "demo-network"
    error_message = "Both networks are joined, each to the other."
  }
  assert {
    condition     = azurerm_private_dns_zone_virtual_network_link.of_primary[0].virtual_network_id == local.network_id && azurerm_private_dns_zone_virtual_network_link.for_primary[0].private_dns_zone_id == var.zone_ids["postgres"]
    error_message = "Source and copy know each other's names."
  }
  assert {
    condition     = azurerm_postgresql_flexible_server.databases["database"].create_mode == "Replica"
    error_message = "A standby's database follows."
  }
  assert {
    condition     = length(azurerm_postgresql_flexible_server_active_directory_administrator.groups) == 0
    error_message = "Its roles are those that it follows."
  }
  assert {
    condition     = length(azurerm_storage_account.backups) + length(azurerm_key_vault.keys) + length(azurerm_key_vault.secrets) + length(azurerm_dns_cname_record.datastores) == 0
    error_message = "What the spec does not ask for is not made."
  }
}

run "refuses_a_burstable_follower" {
  command = plan

  variables {
    databases = {
      database = {
        name         = "demo-production-weu-database-012345"
        version      = "16"
        sku          = "B_Standard_B2ms"
        storage_mb   = 524288
        ha_mode      = null
        zone         = "1"
        standby_zone = null
        backup_days  = 30
        geo_backups  = false
        source       = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/g/providers/Microsoft.DBforPostgreSQL/flexibleServers/first"
        record       = null
        window       = null
      }
    }
  }
  expect_failures = [var.databases]
}

run "refuses_a_primary_network_by_name" {
  command = plan

  variables {
    primary_network = { id = "demo", name = "demo", resource_group = "demo", zone_id = "demo" }
  }
  expect_failures = [var.primary_network]
}

run "refuses_a_long_name" {
  command = plan

  variables {
    name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  }
  expect_failures = [var.name]
}

run "refuses_doubled_hyphens" {
  command = plan

  variables {
    name = "demo--weu"
  }
  expect_failures = [var.name]
}

run "refuses_a_region_in_words" {
  command = plan

  variables {
    location = "West Europe"
  }
  expect_failures = [var.location]
}

run "refuses_a_group_with_a_slash" {
  command = plan

  variables {
    resource_group = "a/b"
  }
  expect_failures = [var.resource_group]
}

run "refuses_a_long_tag" {
  command = plan

  variables {
    tags = {
      project = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    }
  }
  expect_failures = [var.tags]
}

run "refuses_subnets_by_name" {
  command = plan

  variables {
    subnet_ids = { endpoints = "endpoints", databases = null }
  }
  expect_failures = [var.subnet_ids]
}

run "refuses_zones_by_name" {
  command = plan

  variables {
    zone_ids = { blob = "blob" }
  }
  expect_failures = [var.zone_ids]
}

run "refuses_a_group_by_name" {
  command = plan

  variables {
    admin_groups = ["dba"]
  }
  expect_failures = [var.admin_groups]
}

run "refuses_a_database_in_capitals" {
  command = plan

  variables {
    databases = {
      database = {
        name         = "Database"
        version      = "16"
        sku          = "GP_Standard_D4ds_v5"
        storage_mb   = 524288
        ha_mode      = "ZoneRedundant"
        zone         = "1"
        standby_zone = "2"
        backup_days  = 30
        geo_backups  = true
        source       = null
        record       = "database.weu.production"
        window       = { day = 6, hour = 2 }
      }
    }
  }
  expect_failures = [var.databases]
}

run "refuses_a_minor_version" {
  command = plan

  variables {
    databases = {
      database = {
        name         = "demo-production-weu-database-012345"
        version      = "16.4"
        sku          = "GP_Standard_D4ds_v5"
        storage_mb   = 524288
        ha_mode      = "ZoneRedundant"
        zone         = "1"
        standby_zone = "2"
        backup_days  = 30
        geo_backups  = true
        source       = null
        record       = "database.weu.production"
        window       = { day = 6, hour = 2 }
      }
    }
  }
  expect_failures = [var.databases]
}

run "refuses_a_size_without_tier" {
  command = plan

  variables {
    databases = {
      database = {
        name         = "demo-production-weu-database-012345"
        version      = "16"
        sku          = "Standard_D4ds_v5"
        storage_mb   = 524288
        ha_mode      = "ZoneRedundant"
        zone         = "1"
        standby_zone = "2"
        backup_days  = 30
        geo_backups  = true
        source       = null
        record       = "database.weu.production"
        window       = { day = 6, hour = 2 }
      }
    }
  }
  expect_failures = [var.databases]
}

run "refuses_a_disk_between_sizes" {
  command = plan

  variables {
    databases = {
      database = {
        name         = "demo-production-weu-database-012345"
        version      = "16"
        sku          = "GP_Standard_D4ds_v5"
        storage_mb   = 500000
        ha_mode      = "ZoneRedundant"
        zone         = "1"
        standby_zone = "2"
        backup_days  = 30
        geo_backups  = true
        source       = null
        record       = "database.weu.production"
        window       = { day = 6, hour = 2 }
      }
    }
  }
  expect_failures = [var.databases]
}

run "refuses_an_available_follower" {
  command = plan

  variables {
    databases = {
      database = {
        name         = "demo-production-weu-database-012345"
        version      = "16"
        sku          = "GP_Standard_D4ds_v5"
        storage_mb   = 524288
        ha_mode      = "ZoneRedundant"
        zone         = "1"
        standby_zone = "2"
        backup_days  = 30
        geo_backups  = true
        source       = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/g/providers/Microsoft.DBforPostgreSQL/flexibleServers/first"
        record       = "database.weu.production"
        window       = { day = 6, hour = 2 }
      }
    }
  }
  expect_failures = [var.databases]
}

run "refuses_backups_for_two_months" {
  command = plan

  variables {
    databases = {
      database = {
        name         = "demo-production-weu-database-012345"
        version      = "16"
        sku          = "GP_Standard_D4ds_v5"
        storage_mb   = 524288
        ha_mode      = "ZoneRedundant"
        zone         = "1"
        standby_zone = "2"
        backup_days  = 60
        geo_backups  = true
        source       = null
        record       = "database.weu.production"
        window       = { day = 6, hour = 2 }
      }
    }
  }
  expect_failures = [var.databases]
}

run "refuses_a_window_on_the_eighth_day" {
  command = plan

  variables {
    databases = {
      database = {
        name         = "demo-production-weu-database-012345"
        version      = "16"
        sku          = "GP_Standard_D4ds_v5"
        storage_mb   = 524288
        ha_mode      = "ZoneRedundant"
        zone         = "1"
        standby_zone = "2"
        backup_days  = 30
        geo_backups  = true
        source       = null
        record       = "database.weu.production"
        window       = { day = 7, hour = 2 }
      }
    }
  }
  expect_failures = [var.databases]
}

run "refuses_a_long_cache" {
  command = plan

  variables {
    caches = {
      cache = {
        name              = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        sku               = "Balanced_B10"
        high_availability = true
        persistent        = false
        record            = "cache.weu.production"
        users             = { web = { name = "demo-production-web", resource_group = "demo-production-shared" } }
      }
    }
  }
  expect_failures = [var.caches]
}

run "refuses_a_cache_of_the_old_service" {
  command = plan

  variables {
    caches = {
      cache = {
        name              = "demo-production-weu-cache-012345"
        sku               = "Standard_C2"
        high_availability = true
        persistent        = false
        record            = "cache.weu.production"
        users             = { web = { name = "demo-production-web", resource_group = "demo-production-shared" } }
      }
    }
  }
  expect_failures = [var.caches]
}

run "refuses_records_for_no_time" {
  command = plan

  variables {
    dns_zone = { name = "demo.example.com", resource_group = "demo-dns", ttl = 0 }
  }
  expect_failures = [var.dns_zone]
}

run "refuses_backups_in_capitals" {
  command = plan

  variables {
    backups = {
      storage_account = "Backups"
      container       = "backups"
      replication     = "GZRS"
      immutable_days  = 30
      locked          = true
      delete_days     = 30
    }
  }
  expect_failures = [var.backups]
}

run "refuses_an_unknown_replication" {
  command = plan

  variables {
    backups = {
      storage_account = "demobackups"
      container       = "backups"
      replication     = "RAGRS"
      immutable_days  = 30
      locked          = true
      delete_days     = 30
    }
  }
  expect_failures = [var.backups]
}

run "refuses_backups_that_are_not_kept" {
  command = plan

  variables {
    backups = {
      storage_account = "demobackups"
      container       = "backups"
      replication     = "GZRS"
      immutable_days  = 31
      locked          = true
      delete_days     = 30
    }
  }
  expect_failures = [var.backups]
}

run "refuses_a_long_vault" {
  command = plan

  variables {
    keys_vault = "demo-production-0123456789"
  }
  expect_failures = [var.keys_vault]
}

run "refuses_a_long_vault_of_secrets" {
  command = plan

  variables {
    secrets_vault = {
      name   = "demo-production-0123456789"
      id     = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-production-weu-data/providers/Microsoft.KeyVault/vaults/demo-production"
      owned  = true
      open   = false
      reader = null
    }
  }
  expect_failures = [var.secrets_vault]
}

run "refuses_a_single_address_as_a_range" {
  command = plan

  variables {
    allowed_ips = ["203.0.113.1/32"]
  }
  expect_failures = [var.allowed_ips]
}
