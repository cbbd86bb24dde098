"""The rules of address ranges and venues."""

import pytest

from tests.unit.rules.tiny import Bench

TWO = """
clusters:
  one:
    network:
      vpc: 10.20.0.0/16
      pods: 100.64.0.0/16
      services: 172.20.0.0/20
      venues: {{nyse: 198.51.100.0/28}}
  two: {{cloud: {cloud}, role: standby, network: {{{ranges}}}}}
"""


def _two(ranges: str, cloud: str = "gcp") -> str:
    return TWO.format(cloud=cloud, ranges=ranges)


def test_ranges_that_lie_apart_are_right(bench: Bench) -> None:
    """Pods beside the machines, venues of one name in both clusters, even by one prefix."""
    ranges = "vpc: 10.40.0.0/16, pods: 10.44.0.0/14, services: 10.48.0.0/20, venues: {nyse: 198.51.100.0/28}"
    assert bench.problems(_two(ranges)) == ()


@pytest.mark.parametrize(
    ("ranges", "field"),
    [
        ("vpc: 10.20.128.0/20", "vpc"),
        ("vpc: 10.0.0.0/8", "vpc"),
        ("vpc: 10.40.0.0/16, pods: 10.40.0.0/20", "pods"),
        ("services: 172.20.0.0/24", "services"),
        ("venues: {cme: 10.20.1.0/28}", "venues.cme"),
    ],
)
def test_ranges_do_not_overlap(bench: Bench, ranges: str, field: str) -> None:
    """Within a cluster and across clusters, one inside the other too."""
    assert bench.only(_two(ranges), f"clusters.two.network.{field}").message.startswith("overlaps ")


@pytest.mark.parametrize(
    ("ranges", "field", "expected"),
    [
        ("vpc: 10.64.0.0/12", "vpc", "/16 to /28"),
        ("pods: 100.80.0.0/12", "pods", "/16 to /28"),
        ("services: 172.16.0.0/28", "services", "/12 to /24 within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"),
        ("services: 100.96.0.0/16", "services", "/12 to /24 within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"),
    ],
)
def test_aws_takes_blocks_of_its_sizes(bench: Bench, ranges: str, field: str, expected: str) -> None:
    """The same ranges are fine elsewhere."""
    assert bench.only(_two(ranges, "aws"), f"clusters.two.network.{field}").expected == expected
    assert bench.problems(_two(ranges)) == ()


def test_addresses_of_both_versions_lie_apart(bench: Bench) -> None:
    """An IPv6 range overlaps no IPv4 range."""
    assert bench.problems(_two("vpc: 2001:db8::/32")) == ()


def test_venues_exist_on_each_cluster_of_the_service(bench: Bench) -> None:
    """Egress needs a prefix there; the nearest name is said."""
    problem = bench.only(_two("vpc: 10.40.0.0/16") + "services: {web: {venues: [nyse]}}", "services.web.venues[0]")
    assert "cluster two has no such venue" in problem.message
    assert "clusters.two.network.venues: {nyse: <prefix>}" in problem.hint
    near = bench.only(
        _two("vpc: 10.40.0.0/16") + "services: {web: {venues: [nyze], clusters: {one: {}}}}", "services.web.venues[0]"
    )
    assert "nyse?" in near.hint
