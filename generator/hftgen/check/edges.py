"""What stands around the pods and is weaker than the spec sounds: policies, certificates, logins."""

from collections.abc import Iterator

from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.facts.certificates import find_certificate
from hftgen.facts.limits import list_limits
from hftgen.facts.secrets import explain_login
from hftgen.facts.site import Site
from hftgen.spec.load import Loaded


def find_loose_edges(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X30: what a NetworkPolicy cannot hold, once for an environment; nobody's money depends on another tier's."""
    if loaded.environment.tier != "production":
        return
    limits = list(dict.fromkeys(limit for site in list_sites(loaded) for limit in list_limits(site)))
    if limits:
        yield make_finding(
            loaded,
            "HFT-X30",
            ("kubernetes",),
            f"network policies hold less than the spec says. {' '.join(limits)}",
            "the environment's README says the same by cluster; waive it when that is accepted",
        )


def find_missing_certificates(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X31: a host that speaks TLS with a certificate that nobody makes, once for an environment."""
    found: dict[str, str] = {}
    for site in list_sites(loaded):
        for name, service in sorted(site.services.items()):
            certificate = find_certificate(site, str(name), service)
            if certificate is not None and certificate.secret is not None and not certificate.made:
                found.setdefault(str(name), f"{certificate.namespace}/{certificate.secret} for {certificate.host}")
    if found:
        yield make_finding(
            loaded,
            "HFT-X31",
            ("services", min(found), "expose"),
            f"nobody makes these certificates, and their Secrets must be there: {', '.join(found.values())}",
            "say addons.cert-manager with an issuer, or dns with its zone and account; or make the Secrets by hand",
        )


def find_failing_logins(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X35: a cluster that cannot log in to the backend of secrets."""
    found = {site.name: why for site in list_sites(loaded) if (why := explain_login(site)) is not None}
    for cluster, why in found.items():
        yield make_finding(
            loaded,
            "HFT-X35",
            ("secrets", "backend"),
            f"cluster {cluster} cannot log in: {why}",
            "say it in the section secrets: account, identity, tenant",
        )
        return


def list_sites(loaded: Loaded) -> list[Site]:
    """The environment on each of its clusters."""
    environment = loaded.environment
    return [
        Site(environment, str(name), loaded.services[name], loaded.files, loaded.tables)
        for name in sorted(environment.clusters)
    ]
