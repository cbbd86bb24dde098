"""What Terraform's root modules are told."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.e2e.agreement.claim import Claim, claim
from tests.e2e.tree import Tree

EFFECTS = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}


def read_roots(tree: Tree, root: str) -> Iterator[tuple[str, str, Path, Any]]:
    """Variables of one kind of root module: environment, cluster, file, values."""
    for file in sorted(tree.rendered.glob(f"*/terraform/*/{root}/terraform.tfvars.json")):
        parts = file.relative_to(tree.rendered).parts
        yield parts[0], parts[2], file, json.loads(file.read_text(encoding="utf-8"))


def kubernetes_versions(tree: Tree) -> Iterator[Claim]:
    """The version of each cluster that Terraform makes."""
    for environment, _, file, values in read_roots(tree, "cluster"):
        yield claim((environment,), values["kubernetes_version"], file)


def readme_versions(tree: Tree) -> Iterator[Claim]:
    """The version that the README names."""
    for file in sorted(tree.rendered.glob("*/README.md")):
        found = re.search(r"^Tier \w+, Kubernetes ([\d.]+),", file.read_text(encoding="utf-8"), re.MULTILINE)
        if found:
            yield claim((file.parent.name,), found[1], file)


def made_buckets(tree: Tree) -> Iterator[Claim]:
    """The state buckets that bootstrap makes."""
    for file in sorted(tree.rendered.glob("*/terraform/bootstrap/terraform.tfvars.json")):
        environment = file.relative_to(tree.rendered).parts[0]
        for key, values in json.loads(file.read_text(encoding="utf-8")).items():
            if key.endswith("_state"):
                for bucket in [values["bucket"]] if "bucket" in values else values["containers"]:
                    yield claim((environment, bucket), bucket, file)


def used_buckets(tree: Tree) -> Iterator[Claim]:
    """The buckets in which root modules of clusters keep their states."""
    for file in sorted(tree.rendered.glob("*/terraform/*/*/main.tf.json")):
        parts = file.relative_to(tree.rendered).parts
        if parts[2] == "modules":
            continue
        backend = next(iter(json.loads(file.read_text(encoding="utf-8"))["terraform"]["backend"].values()))
        bucket = backend.get("bucket") or backend["container_name"]
        yield claim((parts[0], bucket), bucket, file)


def made_roles(tree: Tree) -> Iterator[Claim]:
    """The roles that pods take on AWS, which a cluster's root module makes."""
    for environment, _, file, values in read_roots(tree, "cluster"):
        for name in values.get("roles") or {}:
            yield claim((environment, values["account"], name), name, file)
