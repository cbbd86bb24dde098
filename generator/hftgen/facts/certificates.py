"""Certificates of exposed hosts: who makes each, under which name, and in whose namespace it is read.

With the add-on cert-manager they are made here: by the ClusterIssuer that the spec names, else by ACME for hosts in
`dns.zone`, proved by a record in that zone. A host that nobody can prove needs a Secret made by hand.
"""

from collections.abc import Iterator
from typing import NamedTuple

from hftgen.facts.addons import find_gateway, find_namespace
from hftgen.facts.clouds import find_account, find_region, name_role
from hftgen.facts.names import name_certificate, name_scoped
from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.routes import find_ingress_class, speaks_tls
from hftgen.facts.site import Site
from hftgen.spec.service import Service

MANAGER = "cert-manager"

# Let's Encrypt.
ACME = "https://acme-v02.api.letsencrypt.org/directory"

# Route 53 is everywhere; its tokens come from a region all the same.
AWS_REGION = "us-east-1"


class Certificate(NamedTuple):
    """A certificate that one exposed service needs.

    `secret` lies in `namespace`; both are None where the cloud keeps it. `made` says whether cert-manager makes it.
    """

    host: str
    secret: str | None
    namespace: str | None
    made: bool


def find_certificate(site: Site, name: str, service: Service) -> Certificate | None:
    """The certificate of an exposed service; None where the outside speaks no TLS, or the service has its own."""
    expose = service.expose
    if expose is None or expose.host is None or not speaks_tls(site, expose):
        return None
    host, made = str(expose.host), find_issuer(site, str(expose.host)) is not None
    if expose.via == "ingress" and find_ingress_class(site, service) == "alb":
        return Certificate(host, None, None, made=False)
    if expose.via == "gateway" and (gateway := find_gateway(site)) is not None:
        return Certificate(host, name_certificate(site, name, shared=True), gateway[1], made)
    return Certificate(host, name_certificate(site, name), site.namespace, made)


def describe_certificates(site: Site, name: str, service: Service) -> Iterator[Record]:
    """The Certificate of an exposed service, in the namespace that reads its Secret."""
    found = find_certificate(site, name, service)
    if found is None or not found.made or found.secret is None:
        return
    record = describe(
        site,
        "Certificate",
        found.secret,
        name,
        host=found.host,
        issuer=find_issuer(site, found.host),
    )
    yield record | {"namespace": found.namespace}


def find_issuer(site: Site, host: str) -> str | None:
    """The ClusterIssuer that proves a host; None where there is none."""
    addon = site.addon(MANAGER)
    if addon is None:
        return None
    if addon.issuer is not None:
        return str(addon.issuer)
    dns = site.environment.dns
    proved = dns is not None and (host == dns.zone or host.endswith(f".{dns.zone}"))
    return name_scoped(site.project, site.environment.environment) if proved and _solve(site) else None


def describe_issuers(site: Site) -> Iterator[Record]:
    """The ClusterIssuer by ACME where an exposed service needs it; on Route 53 also whom cert-manager may act as."""
    own = name_scoped(site.project, site.environment.environment)
    found = (find_certificate(site, str(name), service) for name, service in sorted(site.services.items()))
    hosts = [each.host for each in found if each is not None and each.secret is not None]
    addon, dns = site.addon(MANAGER), site.environment.dns
    if addon is None or addon.issuer is not None or dns is None or own not in [find_issuer(site, h) for h in hosts]:
        return
    solver = _solve(site)
    yield describe(site, "ClusterIssuer", own, "platform", server=ACME, zone=str(dns.zone), solver=solver)
    if dns.provider == "aws":
        yield from _describe_delegation(site)


def list_delegations(site: Site) -> Iterator[tuple[str, str]]:
    """Service accounts of cert-manager's namespace that the cloud must know, with the roles that they take."""
    solver: Facts = next(
        (record["solver"] for record in describe_issuers(site) if record["kind"] == "ClusterIssuer"), {}
    )
    if "route53" in solver:
        yield _name_account(site), solver["route53"]["role"]
    elif "managedIdentity" in solver.get("azureDNS", {}):
        yield MANAGER, solver["azureDNS"]["managedIdentity"]["clientID"]
    elif solver:
        yield MANAGER, "its own, with the right to change records of the zone"


def _describe_delegation(site: Site) -> Iterator[Record]:
    """A service account for the zone alone, as which cert-manager asks Route 53."""
    name, place = _name_account(site), {"namespace": find_namespace(site, MANAGER)}
    yield describe(site, "ServiceAccount", name, "platform") | place
    yield describe(site, "Role", name, "platform", tokens=name) | place
    yield describe(site, "RoleBinding", name, "platform", account=MANAGER) | place


def _solve(site: Site) -> Facts | None:
    """The record that proves a host: `{provider: ...}` as cert-manager has it; None where nobody knows the account."""
    dns = site.environment.dns
    if dns is None:
        return None
    account = str(dns.account) if dns.account else find_account(site, dns.provider)
    if account is None:
        return None
    if dns.provider == "aws":
        region = find_region(site, "aws") or AWS_REGION
        role = name_role(account, region, _name_account(site))
        reference = {"serviceAccountRef": {"name": _name_account(site)}}
        return {"route53": {"region": region, "role": role, "auth": {"kubernetes": reference}}}
    if dns.provider == "gcp":
        return {"cloudDNS": {"project": account}}
    group = str(dns.resourceGroup or f"{site.project}-dns")
    place = {"subscriptionID": account, "resourceGroupName": group, "hostedZoneName": str(dns.zone)}
    identity = {} if dns.identity is None else {"managedIdentity": {"clientID": str(dns.identity)}}
    return {"azureDNS": {**place, **identity}}


def _name_account(site: Site) -> str:
    return name_scoped(site.project, site.environment.environment, "dns")
