"""Rules over several fields of an environment: each a function whose docstring says the rule in one sentence."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from hftgen.spec.rules import (
    calls,
    capacity,
    clusters,
    disruption,
    freeze,
    images,
    instances,
    latency,
    machines,
    names,
    network,
    pools,
    recovery,
    release,
    storage,
)
from hftgen.spec.rules.violation import Violation

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

Rule = Callable[["Loaded"], Iterator[Violation]]

RULES: tuple[Rule, ...] = (
    clusters.act_somewhere,
    clusters.lie_in_the_region,
    clusters.stay_in_one_zone,
    clusters.tell_terraform,
    machines.know_machines,
    machines.agree_with_machines,
    machines.reserve_whole_cores,
    machines.leave_cpus_on_each_node,
    machines.split_hugepages,
    network.keep_ranges_apart,
    network.fit_aws_blocks,
    network.reach_known_venues,
    pools.run_in_known_pools,
    pools.place_datastores_in_known_pools,
    pools.manage_datastores_in_clouds,
    pools.find_hugepages,
    pools.ask_clouds_for_the_possible,
    latency.pin_fast_services,
    latency.guarantee_resources,
    latency.give_whole_cores,
    latency.forbid_autoscaling,
    latency.forbid_spot,
    latency.forbid_mesh,
    latency.keep_two_low_replicas,
    latency.restart_slowly,
    disruption.allow_drains,
    storage.have_the_class,
    storage.share_no_disk,
    capacity.fit_numa_nodes,
    capacity.fit_pools,
    names.avoid_derived_names,
    names.keep_variant_names_short,
    images.pin_images,
    instances.count_instances,
    instances.scale_only_stateless,
    instances.shard_ordinal_secrets,
    instances.expose_no_shards,
    calls.call_known_names,
    calls.call_services_nearby,
    calls.call_known_ports,
    calls.hold_datastore_credentials,
    release.release_some_ordinals,
    release.reach_canary_weights,
    release.preview_no_more_than_all,
    release.expose_one_host_once,
    freeze.freeze_something,
    freeze.name_known_calendars,
    freeze.say_a_horizon,
    freeze.stay_within_calendars,
    recovery.lose_no_more_than_promised,
    recovery.keep_backups_long_enough,
)
