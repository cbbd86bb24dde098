"""What Terraform's root modules are told."""

import fnmatch
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


def readable_paths(tree: Tree) -> Iterator[Claim]:
    """The folder of secrets that the role of an environment's secret store may read."""
    for environment, _, file, values in read_roots(tree, "cluster"):
        for name, role in (values.get("roles") or {}).items():
            for statement in role["statements"] if name.endswith("-secrets") else ():
                for resource in statement["resources"]:
                    if found := re.search(r":secret:([^/]+/[^/]+)/\*$", resource):
                        yield claim((environment,), found[1], file)


def backup_buckets(tree: Tree) -> Iterator[Claim]:
    """The buckets that a cluster's backups lie in."""
    for environment, _, file, values in read_roots(tree, "data"):
        if (backups := values.get("backups")) and "lock_days" in backups:
            yield claim((environment, backups["bucket"]), backups["bucket"], file)


def named_buckets(tree: Tree) -> Iterator[Claim]:
    """The same, for patterns that other names would meet too."""
    return (each._replace(text="") for each in backup_buckets(tree))


def permitted_buckets(tree: Tree) -> Iterator[Claim]:
    """The patterns of buckets that CI's roles may make: each of the buckets is one of them."""
    yield from _permit(tree, "bucket_patterns", [each.about for each in backup_buckets(tree)])


def permitted_roles(tree: Tree) -> Iterator[Claim]:
    """The patterns of roles that CI's roles may make, likewise."""
    yield from _permit(tree, "role_patterns", [each.about for each in made_paths(tree)])


def made_paths(tree: Tree) -> Iterator[Claim]:
    """The roles that pods take on AWS, with their paths."""
    for environment, _, file, values in read_roots(tree, "cluster"):
        for name, role in (values.get("roles") or {}).items():
            whole = f"{role['path'].strip('/')}/{name}".lstrip("/")
            yield claim((environment, whole), whole, file, name)


def _permit(tree: Tree, field: str, wanted: list[str]) -> Iterator[Claim]:
    for file in sorted(tree.rendered.glob("*/terraform/bootstrap/terraform.tfvars.json")):
        environment = file.relative_to(tree.rendered).parts[0]
        calls = json.loads(file.read_text(encoding="utf-8")).values()
        patterns = [pattern for call in calls for pattern in call.get(field) or ()]
        for about in sorted({about for about in wanted if about.startswith(f"{environment}/")}) if patterns else ():
            name = about.partition("/")[2]
            matching = next((pattern for pattern in patterns if fnmatch.fnmatch(name, pattern)), None)
            yield claim(
                (environment, name), name if matching else "no pattern", file, (matching or patterns[0]).rstrip("*")
            )


def velero_buckets(tree: Tree) -> Iterator[Claim]:
    """The buckets that Velero's role may write."""
    for environment, _, file, values in read_roots(tree, "cluster"):
        for name, role in (values.get("roles") or {}).items():
            for statement in role["statements"] if name.endswith("-velero") else ():
                for resource in statement["resources"]:
                    if found := re.fullmatch(r"arn:[a-z-]+:s3:::([^/]+)", resource):
                        yield claim((environment, found[1]), found[1], file)
