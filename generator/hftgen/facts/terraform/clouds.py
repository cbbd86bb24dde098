"""The clouds that Terraform provisions, each with its provider and its module of this package."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.facts.terraform import aws, azure, gcp
from hftgen.facts.terraform.common import Surroundings


class Derivation(Protocol):
    """What a cloud's module gives; from `derive_state` on: exactly the variables of the module of that name."""

    def derive_provider(self, site: Site) -> Facts:
        """The provider's arguments, as literals."""

    def derive_backend(self, site: Site, root: str) -> Facts:
        """`{type: arguments}` of a backend in the cluster's bucket."""

    def derive_state(self, site: Site) -> Facts:
        """The bucket of state."""

    def derive_trust(self, sites: Sequence[Site]) -> Facts | None:
        """CI's trust and roles in the account of these clusters."""

    def derive_shared(self, sites: Sequence[Site]) -> Facts | None:
        """What belongs to the account of these clusters as a whole."""

    def derive_network(self, site: Site) -> Facts:
        """The cluster's network."""

    def derive_cluster(self, site: Site, around: Surroundings) -> Facts:
        """The cluster itself."""

    def derive_data(self, site: Site, around: Surroundings) -> Facts:
        """What holds its data."""


class Cloud(NamedTuple):
    """A cloud: its provider's name and exact version, and what derives the variables of its modules."""

    provider: str
    version: str
    derivation: Derivation


# A kind cluster is made by kind, and a metal one by Ansible. The versions are those whose schemas the tests validate
# against (tests/tools/terraform.in).
CLOUDS = {
    "aws": Cloud("aws", "6.69.1", aws),
    "gcp": Cloud("google", "8.7.0", gcp),
    "azure": Cloud("azurerm", "5.10.0", azure),
}
