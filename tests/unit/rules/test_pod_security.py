"""The rules of what the API server and the kubelet admit."""

import pytest

from hftgen.spec.rules.pod_security import is_safe
from tests.unit.rules.tiny import Bench, with_service

LEVEL = "security: {{podSecurity: {}}}\n"


@pytest.mark.parametrize(
    ("name", "version", "safe"),
    [
        ("kernel.shm_rmid_forced", "1.30", True),
        ("net.ipv4.tcp_rmem", "1.31", False),
        ("net.ipv4.tcp_rmem", "1.32", True),
        ("net/ipv4/tcp_rmem", "1.32", True),
        ("net.core.somaxconn", "1.99", False),
    ],
)
def test_what_is_safe_depends_on_the_version(name: str, version: str, safe: bool) -> None:  # noqa: FBT001
    """As Kubernetes documents it."""
    assert is_safe(name, version) is safe


@pytest.mark.parametrize("level", ["restricted", "baseline"])
def test_an_unsafe_sysctl_is_refused(bench: Bench, level: str) -> None:
    """The level is the namespace's; without one, or with privileged, only the kubelet is asked."""
    text = with_service("any", '{sysctls: {net.core.somaxconn: "1024"}}')
    problem = bench.only(LEVEL.format(level) + text, 'services.any.sysctls["net.core.somaxconn"]')
    assert "net.ipv4.tcp_rmem" in problem.expected
    assert bench.problems(LEVEL.format("privileged") + text) == ()
    assert bench.problems(text) == ()


def test_a_pod_sets_nothing_of_the_machine(bench: Bench) -> None:
    """Whatever the level."""
    text = with_service("any", '{sysctls: {vm.nr_hugepages: "8", kernel.msgmax: "65536"}}')
    problem = bench.only(text, 'services.any.sysctls["vm.nr_hugepages"]')
    assert "of the machine" in problem.message


def test_restricted_admits_no_root(bench: Bench) -> None:
    """Baseline does."""
    text = with_service("any", "{user: {uid: 0}}")
    assert bench.paths(LEVEL.format("restricted") + text) == ["services.any.user.uid"]
    assert bench.problems(LEVEL.format("baseline") + text) == ()
