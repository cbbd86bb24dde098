"""How a new version replaces the old one: the strategy of a Rollout.

A standby cluster has neither steps nor analysis: nobody is served there, so that nothing can be learnt.
"""

from hftgen.facts.analysis import HASH_ARGUMENT, name_template, plan_canary, plan_gate
from hftgen.facts.defaults import DRAIN_OLD_SECONDS
from hftgen.facts.names import name_canary, name_preview
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.spec.pace import SURGE, promotes_itself
from hftgen.spec.release import BlueGreen, Canary, Step
from hftgen.spec.service import Service

# Rollouts documents 25 % and 1 for the same defaults, so both are always said: first a new pod, then one fewer old.
CANARY_SURGE: Facts = {"maxSurge": str(SURGE), "maxUnavailable": 0}

# So many versions back, the way is a switch: no steps, no pause, no analysis.
ROLLBACK_WINDOW = 3

# The route of a VirtualService whose weights the controller moves.
ISTIO_ROUTE = "primary"

# The route that the controller adds for requests with the canary's header.
HEADER_ROUTE = "canary-header"

# The controller sets the canary's pods apart by step 0; measured is from the step after it on.
MEASURED_STEP = 1


def describe_canary(site: Site, name: str, service: Service, release: Canary) -> Facts:
    """`{services, surge, steps, analysis, router, headerRoute}`, those that there are."""
    facts: Facts = {"surge": CANARY_SURGE}
    if find_router(service):
        facts |= {
            "services": {"stable": name, "canary": name_canary(name)},
            "router": _describe_router(name, service, release),
        }
    if site.is_standby:
        return facts
    facts["steps"] = [step for index, item in enumerate(release.steps) for step in _describe_step(item, index, release)]
    if _has_header_route(release):
        facts["headerRoute"] = HEADER_ROUTE
    if plan_canary(site, service):
        facts["analysis"] = {
            "template": name_template(name),
            "argument": HASH_ARGUMENT,
            **({"startingStep": MEASURED_STEP} if len(facts["steps"]) > MEASURED_STEP else {}),
        }
    return facts


def describe_blue_green(site: Site, name: str, service: Service, release: BlueGreen) -> Facts:
    """`{active, preview, autoPromote, previewReplicas, scaleDownDelay, pre, post}`, those that there are."""
    automatic = site.is_standby or promotes_itself(site.environment, release)
    facts: Facts = {"active": name, "preview": name_preview(name), "autoPromote": automatic}
    gates = {stage: plan for stage in ("pre", "post") if (plan := plan_gate(site, service, stage))}
    facts |= {stage: name_template(name, stage) for stage in gates}
    if gates:
        facts["argument"] = HASH_ARGUMENT
    facts["scaleDownDelay"] = find_scale_down(site, service, release)
    if release.previewReplicas is not None and not site.is_standby:
        facts["previewReplicas"] = release.previewReplicas
    return facts


def find_scale_down(site: Site, service: Service, release: BlueGreen) -> int:
    """Seconds that the old pods stay after the switch: what is measured then ends with them, so until it is done."""
    drain = DRAIN_OLD_SECONDS if release.drain is None else release.drain.seconds
    post = plan_gate(site, service, "post")
    return max(drain, post.measuring.longest if post else 0)


def find_router(service: Service) -> str | None:
    """What divides a canary's traffic by weight; None where the number of pods does."""
    release = service.release
    router = release.traffic.router if isinstance(release, Canary) else "none"
    return None if router == "none" else router


def _describe_step(step: Step, index: int, release: Canary) -> list[Facts]:
    facts: list[Facts] = [{"weight": step.weight}]
    header = release.traffic.header
    if index == 0 and _has_header_route(release) and header is not None:
        facts.append({"header": {"route": HEADER_ROUTE, "name": str(header.name), "value": str(header.value)}})
    if step.pause == "manual":
        facts.append({"pause": {}})
    elif step.pause is not None:
        facts.append({"pause": {"duration": str(step.pause)}})
    return facts


def _has_header_route(release: Canary) -> bool:
    """Nginx knows headers by an annotation instead, and without a router nobody looks at them."""
    return release.traffic.header is not None and release.traffic.router in ("istio", "gateway", "alb")


def _describe_router(name: str, service: Service, release: Canary) -> Facts:
    """What the controller moves weights in; each is named for the service."""
    router = release.traffic.router
    facts: Facts = {"kind": router, "name": name}
    if router == "istio":
        facts["route"] = ISTIO_ROUTE
    if router == "alb":
        port = (service.expose.port if service.expose else None) or service.default_port
        facts["port"] = service.ports[port].port if port else None
    if router == "nginx" and release.traffic.header is not None:
        facts["header"] = {"name": str(release.traffic.header.name), "value": str(release.traffic.header.value)}
    return facts
