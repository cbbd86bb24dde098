"""Hosts of one's own: addresses, cards, versions."""

import pytest
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from hftgen.spec.host import Host, Interface
from hftgen.spec.metal import Metal
from hftgen.spec.units import Address, InterfaceName, KubernetesRelease, Mac


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        (Address, "10.0.0.256"),
        (Address, "10.0.0.1/24"),
        (Address, "fd00::1"),
        (Address, "010.0.0.1"),
        (Mac, "01:00:5e:00:00:01"),
        (Mac, "02:00:5e:10:00"),
        (InterfaceName, "enp129s0f1np1d12"),
        (InterfaceName, "eth0.100"),
        (KubernetesRelease, "1.36"),
        (KubernetesRelease, "v1.36.1"),
    ],
)
def test_what_is_none_is_refused(unit: type[Address], text: str) -> None:
    """An address is one machine's, a MAC address one card's; a name fits into Linux; a release has its patch."""
    with pytest.raises(PydanticCustomError):
        unit.parse(text)


def test_a_card_has_one_spelling() -> None:
    """Linux writes colons and lower case; two spellings of one card are one card."""
    assert Mac.parse("02-00-5E-10-00-01") == Mac.parse("02:00:5e:10:00:01") == "02:00:5e:10:00:01"


def test_a_vlan_names_a_device_of_its_own() -> None:
    """The addresses of a tagged VLAN are on `NAME.VLAN`."""
    plain, tagged = Interface(purpose="cluster"), Interface(purpose="cluster", vlan=60)
    assert (plain.find_device("eno1"), tagged.find_device("eno1")) == ("eno1", "eno1.60")


def test_roles_are_told_apart() -> None:
    """A host may be control plane and worker; workers are listed by pool."""
    both = {"address": "10.0.0.1", "roles": ["control-plane", "worker"], "pool": "general"}
    metal = Metal.model_validate(
        {
            "version": "1.36.1",
            "endpoint": {"host": "api.example.com"},
            "hosts": {"b": both, "a": {"address": "10.0.0.2", "pool": "general"}},
        }
    )
    assert metal.list_control_planes() == ["b"]
    assert metal.list_workers("general") == ["a", "b"]
    assert metal.version.minor == "1.36"


def test_a_host_says_its_pool() -> None:
    """A worker without one could get neither labels nor tuning."""
    with pytest.raises(ValidationError, match="is missing: a worker belongs to one"):
        Host.model_validate({"address": "10.0.0.1"})
