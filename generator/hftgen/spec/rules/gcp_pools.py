"""Node pools on GKE: machines that can stand close together, and huge pages that they can set apart."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.rules.nodes import GI
from hftgen.spec.rules.pools import list_pools
from hftgen.spec.rules.shapes import shape_node
from hftgen.spec.rules.violation import Violation
from hftgen.spec.visible import visible

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

# GKE, "Define compact placement for GKE nodes".
COMPACT = ("c2", "c2d", "c3", "c3d", "c4a", "c4d", "c4n", "h3", "h4d", "n2", "n2d", "z4d")

# GKE, "Customizing node system configuration": series whose machines have pages of 1 GiB, and the most that pages of
# both sizes may take of a machine of less than 30 GiB, and of a larger one.
GIGANTIC = (
    "a3", "c2d", "c3", "c3d", "c4", "c4a", "c4d", "ct5e", "ct5lp", "ct6e", "h3", "m2", "m3", "m4", "z3",
)  # fmt: skip
LARGE = 30 * GI
SHARES = (60, 80)


def stand_close_on_gke(loaded: "Loaded") -> Iterator[Violation]:
    """A pool with a placement on GKE says its zone, and has machines of a series that GKE places compactly."""
    for cluster, site, name, pool in list_pools(loaded):
        if site.cloud != "gcp" or pool.placement != "compact":
            continue
        if not pool.zones and not site.zones:
            yield Violation(
                ("clusters", cluster, "pools", name, "placement"),
                "keeps nodes in one zone, and nobody says which",
                pool.placement,
                f"zones: [{site.region or '<region>'}-a]",
            )
        if _find_series(pool.machine) not in COMPACT:
            yield Violation(
                ("clusters", cluster, "pools", name, "placement"),
                f"GKE cannot place {visible(pool.machine)} compactly",
                pool.placement,
                f"a machine of {', '.join(series.upper() for series in COMPACT)}",
            )


def set_apart_pages_on_gke(loaded: "Loaded") -> Iterator[Violation]:
    """Huge pages on GKE are of a size that the machine's series has, and no more than GKE sets apart."""
    for cluster, site, name, pool in list_pools(loaded):
        if site.cloud != "gcp" or not pool.hugepages:
            continue
        path = ("clusters", cluster, "pools", name, "hugepages")
        if "1Gi" in pool.hugepages and _find_series(pool.machine) not in GIGANTIC:
            yield Violation(
                (*path, "1Gi"),
                f"GKE sets no pages of 1Gi apart on {visible(pool.machine)}",
                str(pool.hugepages["1Gi"]),  # type: ignore[index]
                f"pages of 2Mi, or a machine of {', '.join(series.upper() for series in GIGANTIC)}",
            )
        shape = shape_node(site, pool, loaded.tables)
        if shape is None:
            continue
        share = SHARES[shape.memory >= LARGE]
        if sum(shape.hugepages.values()) > shape.memory * share // 100:
            yield Violation(
                path,
                f"GKE sets {share} % of such a machine's memory apart at most",
                ", ".join(f"{size}: {amount}" for size, amount in sorted(pool.hugepages.items())),
                f"{shape.memory * share // 100 // GI}Gi together at most",
            )


def _find_series(machine: str) -> str:
    found = re.match(r"[a-z0-9]+", machine)
    return found[0] if found else ""
