"""What a service does where its spec says nothing, from workload, latency class and tier."""

from hftgen.facts.site import Site
from hftgen.spec.pace import TRADING_GRACE
from hftgen.spec.release import Canary
from hftgen.spec.rules.expose import GOOGLE_GATEWAYS
from hftgen.spec.service import Service

# Clouds that have load balancers.
CLOUDS = ("aws", "gcp", "azure")

# Endpoints leave the load balancers a moment after the pod is told to stop; until then requests still come.
DRAIN_SECONDS = 5

# A cloud's load balancer that asks pods or nodes itself learns it later: from its controller, or by its own questions.
DRAIN_BALANCED_SECONDS = 20

# Kubernetes' own, where nothing is said.
GRACE_SECONDS = 30

DATASTORE = "datastore"

# Priorities by latency class, and of datastores. Kubernetes' own system pods stand at 2,000,000,000; others at 0.
PRIORITIES = {"tick-to-trade": 1_000_000, DATASTORE: 500_000, "low": 100_000}

# Seconds by which a run of a cron job may start late, unless the spec says. Without any bound all runs that were missed
# count: after a failover, or a long stop of the controller, one would start at once, out of its hour.
LATE_SECONDS = 300

# Blue-green: how long the old pods stay for a quick way back, unless the spec says.
DRAIN_OLD_SECONDS = 30


def count_desired(service: Service) -> int:
    """How many pods the spec asks for, where it is no standby: the least number of an autoscaled service."""
    if service.autoscale is not None:
        return service.autoscale.min
    return 1 if service.replicas is None else service.replicas


def count_replicas(site: Site, service: Service) -> int | None:
    """`replicas` of the workload on this site; None where an autoscaler decides."""
    if service.autoscale is not None:
        return None
    if site.is_standby and service.workload == "stateful":
        return 0
    return count_desired(service)


def is_trading(service: Service) -> bool:
    """Whether its pods are of the class that trades."""
    return service.latency == "tick-to-trade"


def runs_here(site: Site, service: Service) -> bool:
    """Whether anything of it is rendered on this site: a standby has no jobs."""
    return not (site.is_standby and service.workload == "job")


def find_priority(service: Service) -> str | None:
    """The latency class whose PriorityClass the pods get; None for the cluster's default."""
    return service.latency if service.latency in PRIORITIES else None


def count_drain(site: Site, service: Service) -> int | None:
    """Seconds that a pod waits before it is told to stop.

    A stateless service with ports waits a little, so that no request meets a closed port, and longer behind a cloud's
    load balancer. A stateful one is told at once: what it does on SIGTERM is urgent. In development nobody waits.
    """
    said = service.shutdown.delay
    if said is not None:
        return said.seconds or None
    if service.workload != "stateless" or not service.ports or site.is_development:
        return None
    grace = count_grace(service)
    if _is_balanced(site, service):
        # A third of the grace is left for requests that are under way.
        return min(DRAIN_BALANCED_SECONDS, (GRACE_SECONDS if grace is None else grace) * 2 // 3) or None
    # The wait counts into the grace, and Kubernetes refuses one that uses it up.
    return DRAIN_SECONDS if grace is None else max(min(DRAIN_SECONDS, grace - 1), 0) or None


def _is_balanced(site: Site, service: Service) -> bool:
    """Whether a cloud's load balancer, not a program of the cluster, sends requests to the pods or their nodes."""
    expose, cloud = service.expose, site.cluster.cloud
    if expose is None or cloud not in CLOUDS:
        return False
    if expose.via == "loadBalancer":
        return True
    if expose.via == "ingress":
        release = service.release
        nginx = isinstance(release, Canary) and release.traffic.router == "nginx"
        return cloud != "azure" and not nginx
    gateway = site.addon("gateway")
    return gateway is not None and (gateway.controller or "").startswith(GOOGLE_GATEWAYS)


def count_grace(service: Service) -> int | None:
    """Seconds from the order to stop until a pod is killed; None for Kubernetes' own 30."""
    grace = service.shutdown.grace
    if grace is not None:
        return grace.seconds
    return TRADING_GRACE if is_trading(service) else None
