"""How many pods the namespace holds: a bound for accidents, far above what its own releases need."""

from hftgen.facts.record import Record, describe
from hftgen.facts.site import Site
from hftgen.spec.datastore import ClusterDatastore
from hftgen.spec.rules.demand import HIGH_AVAILABILITY, count_pods

# Pods that end still count, for as long as their grace: a release, its rollback and the next one may all be ending
# while new pods come.
GENERATIONS = 4

# Pods of others in the namespace for a moment: runs that overlap, challenges for certificates, jobs of an operator.
OTHERS = 20


def describe_quota(site: Site) -> Record:
    """The ResourceQuota. It counts pods alone: one of CPU or memory would refuse every pod that asks for none."""
    stores = sum(isinstance(store, ClusterDatastore) for store in site.environment.datastores.values())
    pods = sum(count_pods(service) for service in site.services.values()) + stores * HIGH_AVAILABILITY
    return describe(site, "ResourceQuota", "pods", "platform", pods=GENERATIONS * pods + OTHERS)
