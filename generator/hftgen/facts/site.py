"""Where something is rendered for: an environment, one of its clusters, and the services that run there."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from hftgen.spec.addons import Addon
from hftgen.spec.cluster import Cluster
from hftgen.spec.environment import Environment
from hftgen.spec.pool import Pool
from hftgen.spec.service import Service
from hftgen.spec.units import ClusterName, Name
from hftgen.tables import Tables


@dataclass(frozen=True)
class Site:
    """An environment on one cluster. `services` have that cluster's overrides; `files` are texts named by `from`.

    `tables` know machines and clouds.
    """

    environment: Environment
    name: str
    services: Mapping[str, Service]
    files: Mapping[str, str]
    tables: Tables

    @cached_property
    def cluster(self) -> Cluster:
        """The cluster's section of the spec."""
        return self.environment.clusters[ClusterName(self.name)]

    @property
    def project(self) -> str:
        """The project's name."""
        return self.environment.project

    @cached_property
    def namespace(self) -> str:
        """The namespace of everything that is not the cluster's own."""
        return self.environment.kubernetes.namespace or f"{self.project}-{self.environment.environment}"

    @property
    def is_standby(self) -> bool:
        """Whether nothing may act here before a failover."""
        return self.cluster.role == "standby"

    @property
    def is_development(self) -> bool:
        """Whether nobody's money depends on it."""
        return self.environment.tier == "development"

    @property
    def is_restricted(self) -> bool:
        """Whether pods must meet the Pod Security Standard `restricted`."""
        return self.pod_security == "restricted"

    @property
    def pod_security(self) -> str | None:
        """The Pod Security Standard that the spec asks for; None where it has no section `security`."""
        security = self.environment.security
        return security.podSecurity if security is not None else None

    @property
    def is_encrypted(self) -> bool:
        """Whether disks are encrypted: as the spec says, else everywhere but in development."""
        security = self.environment.security
        said = security.encryptionAtRest if security is not None else None
        return not self.is_development if said is None else said

    def addon(self, name: str) -> Addon | None:
        """An add-on's section, or None."""
        return self.environment.addons.get(Name(name))

    def pool(self, name: str | None) -> tuple[str, Pool] | None:
        """The named pool of this cluster; without a name its only pool that is not pinned; None where there is none."""
        pools: dict[str, Pool] = {str(key): pool for key, pool in self.cluster.pools.items()}
        if name is not None:
            return (name, pools[name]) if name in pools else None
        shared = [item for item in pools.items() if item[1].pinning == "none"]
        return shared[0] if len(shared) == 1 else None
