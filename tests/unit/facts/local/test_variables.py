"""Variables of containers on one machine: what a pod would be given, and no secret's value."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hftgen.facts.local.variables import LONGEST, Vault, describe_variables, escape, name_variable
from tests.unit.facts.sites import VAULT, make_site

CREDENTIAL = {"ref": "database/credentials", "key": "password"}


def read(service: dict[str, Any]) -> dict[str, str]:
    """The variables of a service called `app`."""
    site = make_site({"app": service}, secrets=VAULT)
    app = site.services["app"]
    return describe_variables(site, "app", app, Vault(app.secrets.values()))


def test_a_variable_that_another_uses_is_put_in_its_place() -> None:
    """`$(X)` is replaced as Kubernetes does it, `$$` is a dollar, and what nobody knows stays."""
    found = read({"config": {"A": "1", "B": "$(A)/$$(A)/$(NOBODY)", "C": "$(B)!"}})
    assert found == {"A": "1", "B": "1/$$(A)/$$(NOBODY)", "C": "1/$$(A)/$$(NOBODY)!"}


def test_a_secret_is_a_name() -> None:
    """Its value comes from .env; one that is missing there stops the start with a word about it."""
    found = read({"secrets": {"PASSWORD": CREDENTIAL}, "config": {"URL": "postgres://app:$(PASSWORD)@database"}})
    password = "${DATABASE_CREDENTIALS_PASSWORD:?is missing in .env, see .env.example}"
    assert found == {"PASSWORD": password, "URL": f"postgres://app:{password}@database"}


def test_a_secret_that_is_a_file_is_no_variable() -> None:
    """What is mounted stays out of the environment."""
    assert read({"secrets": {"key.pem": {"ref": "a/b", "key": "c", "mount": "/etc/tls"}}}) == {}


def test_fields_of_a_pod_have_stand_ins() -> None:
    """One instance runs here: the first, on this machine."""
    config = {
        "ORDINAL": {"field": "metadata.labels['apps.kubernetes.io/pod-index']"},
        "IP": {"field": "status.podIP"},
        "NAME": {"field": "metadata.name"},
        "CPUS": {"resource": "limits.cpu"},
        "BYTES": {"resource": "requests.memory"},
        "NONE": {"resource": "limits.ephemeral-storage"},
    }
    assert read({"config": config, "cpu": "1500m", "memory": "64Mi"}) == {
        "ORDINAL": "0",
        "IP": "127.0.0.1",
        "NAME": "app",
        "CPUS": "2",
        "BYTES": str(64 * 2**20),
        "NONE": "0",
    }


def test_variables_that_double_each_other_end() -> None:
    """A short spec cannot fill the machine: a value that grows too long stays as it was written."""
    config = {"V00": "x" * 100} | {f"V{n:02}": f"$(V{n - 1:02})$(V{n - 1:02})" for n in range(1, 40)}
    found = read({"config": config})
    assert max(map(len, found.values())) <= LONGEST


def test_secrets_of_one_place_share_a_variable() -> None:
    """Two services that read one password are given one; two places whose capitals are equal are kept apart."""
    site = make_site(
        {
            "app": {"secrets": {"A": CREDENTIAL, "B": CREDENTIAL}},
            "other": {"secrets": {"C": {"ref": "a/b-c", "key": "d"}, "D": {"ref": "a-b/c", "key": "d"}}},
        },
        secrets=VAULT,
    )
    vault = Vault(secret for service in site.services.values() for secret in service.secrets.values())
    names = vault.list_all()
    assert len(names) == 3
    assert names[0] == "A_B_C_D"
    assert names[1].startswith("A_B_C_D_")
    assert names[2] == vault.find_password("database")


@given(st.text())
def test_compose_leaves_escaped_text_alone(text: str) -> None:
    """Every dollar is doubled, and nothing else is touched."""
    assert escape(text).replace("$$", "$") == text
    assert escape(text).count("$") == 2 * text.count("$")


def test_names_are_what_a_shell_takes() -> None:
    """Capitals, digits and underscores."""
    assert name_variable("trading-engine", "fix.port") == "TRADING_ENGINE_FIX_PORT"
