"""Whom clouds trust among pipelines."""

from collections.abc import Iterator

from hftgen.check.edges import list_sites
from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.facts.terraform.roots import is_provisioned
from hftgen.spec.load import Loaded


def find_mixed_trust(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X73: `ci.oidc` says who pushes images, and not who plans or applies: whoever may do one may do all."""
    ci = loaded.environment.ci
    if ci is None or ci.oidc is None or not any(is_provisioned(site) for site in list_sites(loaded)):
        return
    absent = [verb for verb in ("plan", "apply") if getattr(ci.oidc, verb) is None]
    if absent:
        yield make_finding(
            loaded,
            "HFT-X73",
            ("ci", "oidc"),
            f"whoever may push images may {' and '.join(absent)} infrastructure as well",
            f"say ci.oidc.{' and ci.oidc.'.join(absent)}: subjects of this repository's pipelines, by docs/ci.md",
        )
