"""What a cloud has once is made by one environment."""

from typing import Any

import pytest

from hftgen.calendars import Calendars
from hftgen.check.accounts import find_shared_accounts
from hftgen.facts.derive import derive
from hftgen.spec.load import Loaded
from tests.unit.facts.sites import IMAGE, load_spec


def _load(name: str, bucket: str, **terraform: Any) -> Loaded:
    cluster = {
        "cloud": "aws",
        "account": "111122223333",
        "region": "us-east-1",
        "zones": ["us-east-1a", "us-east-1b"],
        "state": {"bucket": bucket},
        "network": {"vpc": "10.0.0.0/16"},
    }
    sections = {"clusters": {"one": cluster}, "terraform": {"version": "1.11", **terraform}}
    return load_spec({"web": {"image": IMAGE}}, environment=name, **sections)


def _tell(*environments: Loaded) -> list[tuple[str, str]]:
    loaded = {str(each.environment.environment): each for each in environments}
    contexts = {name: derive(each, Calendars()) for name, each in loaded.items()}
    return [(each.environment, each.message) for each in find_shared_accounts(contexts, loaded.__getitem__)]


def test_an_account_has_one_owner() -> None:
    """HFT-X50: the second of two that would make its OIDC provider, zone and repositories is told."""
    ((environment, message),) = _tell(_load("one", "one-tfstate"), _load("two", "two-tfstate"))
    assert environment == "two"
    assert message.startswith("two and one both make what the AWS account `111122223333` has once")
    assert _tell(_load("one", "one-tfstate"), _load("two", "two-tfstate", ownsAccounts=False)) == []


@pytest.mark.parametrize("owns", [True, False])
def test_a_bucket_of_states_has_one_maker(owns: bool) -> None:  # noqa: FBT001  parametrized
    """Whoever owns the account, each environment makes its own bucket."""
    told = [text for _, text in _tell(_load("one", "tfstate"), _load("two", "tfstate", ownsAccounts=owns))]
    assert ("two and one both make the bucket of states tfstate: the second apply fails" in told) is True


def test_others_own_nothing() -> None:
    """An environment without the section `terraform` makes nothing."""
    assert _tell(_load("one", "tfstate"), load_spec({"web": {"image": IMAGE}}, environment="two")) == []
