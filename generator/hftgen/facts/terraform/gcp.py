"""What the Google Cloud modules (templates/terraform/modules/gcp/) are told: exactly the variables of each."""

from collections.abc import Sequence

from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.facts.terraform.common import (
    Surroundings,
    describe_cluster,
    describe_data,
    describe_network,
    describe_place,
    escape,
    list_tags,
    name_key,
)


def derive_provider(site: Site) -> Facts:
    """The provider's arguments."""
    return {
        "project": escape(str(site.cluster.account)),
        "region": escape(str(site.cluster.region)),
        "default_labels": list_tags(site),
    }


def derive_backend(site: Site, root: str) -> Facts:
    """The backend of a root module; `root` as in common.name_key. It locks and encrypts by itself."""
    state = site.cluster.state
    assert state is not None, "clusters.tell_terraform"  # noqa: S101
    return {"gcs": {"bucket": escape(str(state.bucket)), "prefix": name_key(site, root)}}


def derive_state(site: Site) -> Facts:
    """Variables of `state`: the bucket that holds the other root modules' states."""
    state = site.cluster.state
    assert state is not None, "clusters.tell_terraform"  # noqa: S101
    return {
        "project": site.project,
        "environment": site.environment.environment,
        "account": site.cluster.account,
        "bucket": state.bucket,
        "region": state.region or site.cluster.region,
    }


def derive_trust(sites: Sequence[Site]) -> Facts | None:  # noqa: ARG001  until the module exists
    """Variables of `trust` for one account, or None where CI is not trusted. `sites`: its clusters, a primary first."""
    return None


def derive_shared(sites: Sequence[Site]) -> Facts | None:  # noqa: ARG001  until the module exists
    """Variables of `shared` for one account, or None where the spec asks for nothing. `sites` as for `trust`."""
    return None


def derive_network(site: Site) -> Facts:
    """Variables of `network`."""
    return describe_place(site) | describe_network(site)


def derive_cluster(site: Site, around: Surroundings) -> Facts:  # noqa: ARG001  until the module exists
    """Variables of `cluster`."""
    return describe_place(site) | describe_cluster(site)


def derive_data(site: Site, around: Surroundings) -> Facts:  # noqa: ARG001  until the module exists
    """Variables of `data`."""
    return describe_place(site) | describe_data(site)
