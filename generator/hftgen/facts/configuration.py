"""Environment variables and files of a service, and the ConfigMaps whose names change with their content.

A changed value makes a new ConfigMap, and with it a new pod template: pods are replaced as the release says, and old
ones keep what they started with until they are gone.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.site import Site
from hftgen.spec.container import ConfigValue, Container, Secret
from hftgen.spec.service import Service
from hftgen.spec.volume import AnyFile, ForeignFile

# What Kubernetes expands in `env[].value`: `$(NAME)`, and `$$` for a dollar. ConfigMaps are taken as they are.
EXPANDED = re.compile(r"\$\$|\$\(([-._a-zA-Z][-._a-zA-Z0-9]*)\)")

HASH_LENGTH = 10

SYNC_OPTIONS = "argocd.argoproj.io/sync-options"

# Pods of the old release need the old one until the new release is done.
PRUNED_LATE = {SYNC_OPTIONS: "PruneLast=true"}

# What must outlive its place in Git: Argo CD never prunes it, and one that is left over makes nothing OutOfSync.
KEPT = {SYNC_OPTIONS: "Prune=false", "argocd.argoproj.io/compare-options": "IgnoreExtraneous"}


def hash_content(content: Mapping[str, Any]) -> str:
    """The suffix of a ConfigMap's name: the same that Helm computes by `toJson | sha256sum | trunc 10`."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":  # Go's encoder escapes what could end a script element
        text = text.replace(character, f"\\u{ord(character):04x}")
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]


def order_variables(texts: Mapping[str, str], others: Mapping[str, Any]) -> list[str]:
    """Names by the alphabet, but one used as `$(X)` before its users; of a ring the last by name comes first."""
    ordered: dict[str, None] = {}
    waiting: set[str] = set()

    def visit(name: str) -> None:
        if name in ordered or name in waiting:
            return
        waiting.add(name)
        for used in find_used(texts.get(name, "")):
            if used in texts or used in others:
                visit(used)
        waiting.discard(name)
        ordered[name] = None

    for name in sorted({*texts, *others}):
        visit(name)
    return list(ordered)


def find_used(text: str) -> list[str]:
    """Names that a text uses as `$(X)`, in order."""
    return [match[1] for match in EXPANDED.finditer(text) if match[1]]


def split_config(config: Mapping[str, ConfigValue]) -> tuple[dict[str, str], dict[str, str]]:
    """Plain texts of a config: those for the ConfigMap, and those that must stand in the pod template.

    In the template stand texts with `$(X)` or `$$`, which only there are expanded, and texts that others use as `$(X)`.
    """
    texts = {name: str(value) for name, value in config.items() if isinstance(value, str)}
    used = {name for text in texts.values() for name in find_used(text)}
    inline = {name: text for name, text in texts.items() if name in used or EXPANDED.search(text)}
    return {name: text for name, text in sorted(texts.items()) if name not in inline}, inline


def describe_variables(config: Mapping[str, ConfigValue], secrets: Mapping[str, Secret], secret: str) -> list[Facts]:
    """A container's `env` in an order in which all `$(X)` are known; `secret` is the Secret's name.

    Each is `{name, value}`, `{name, field}`, `{name, resource}` or `{name, secret, key}`.
    """
    _, inline = split_config(config)
    others: dict[str, Facts] = {
        name: value.model_dump(mode="json") for name, value in config.items() if not isinstance(value, str)
    }
    others |= {name: {"secret": secret, "key": name} for name, value in secrets.items() if value.mount is None}
    return [
        {"name": name, **(others[name] if name in others else {"value": inline[name]})}
        for name in order_variables(inline, others)
    ]


def describe_files(service: str, files: Mapping[str, AnyFile], texts: Mapping[str, str]) -> list[Facts]:
    """A service's files by name: `{name, path, text}`; without a path they lie below `/etc/<service>`."""
    return [
        {
            "name": name,
            "path": str(file.path or f"/etc/{service}/{name}"),
            "text": texts[file.from_] if isinstance(file, ForeignFile) else str(file.content),
        }
        for name, file in sorted(files.items())
    ]


def name_config(owner: str, data: Mapping[str, str]) -> str:
    """The ConfigMap of a container's variables."""
    return f"{owner}-config-{hash_content(data)}"


def name_files(owner: str, data: Mapping[str, str]) -> str:
    """The ConfigMap of a container's files."""
    return f"{owner}-files-{hash_content(data)}"


def describe_config_maps(site: Site, name: str, service: Service) -> Iterator[Record]:
    """The ConfigMaps of a service's containers, and of its files."""
    for owner, container in list_containers(name, service).items():
        data, _ = split_config(container.config)
        if data:
            yield _describe_map(site, name, service, name_config(owner, data), data, variables=owner)
    files = {file["name"]: file["text"] for file in describe_files(name, service.files, site.files)}
    if files:
        yield _describe_map(site, name, service, name_files(name, files), files)


def list_containers(name: str, service: Service) -> dict[str, Container]:
    """The containers of a service by what is named for them: ConfigMap, Secret and the symbol of the image."""
    before = {f"{name}-{init.name}": init for init in service.init}
    beside = {f"{name}-{key}": sidecar for key, sidecar in sorted(service.sidecars.items())}
    return {name: service, **before, **beside}


def _describe_map(
    site: Site, part: str, service: Service, name: str, data: dict[str, str], *, variables: str | None = None
) -> Record:
    # Ordinals below a partition stay on the old one while Argo CD takes the release for done: without it a pod that is
    # made anew would not start.
    divided = service.workload == "stateful" and service.instances != "single"
    annotations = KEPT if divided else PRUNED_LATE
    return describe(site, "ConfigMap", name, part, annotations=annotations, data=data, variables=variables)
