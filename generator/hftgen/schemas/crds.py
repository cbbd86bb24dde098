"""CustomResourceDefinitions from files: what `kubectl get crd -o json` prints, or what a project publishes as YAML.

Reading YAML is slow (3 MB a second), so what a file said is remembered in the cache by its digest.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from hftgen.digest import digest, fingerprint
from hftgen.errors import InputError, Problem
from hftgen.reading import read_tree
from hftgen.schemas.core import Identity
from hftgen.schemas.strict import Schema, make_strict

KIND = "CustomResourceDefinition"
FORM = b"1"
"""Grows when make_strict changes: what is remembered is then made anew."""


class Definitions:
    """The CustomResourceDefinitions in all *.yaml, *.yml and *.json below some folders; read when they are needed.

    `cache` is a folder that keeps what files said, None keeps nothing. Raises InputError for a folder that is none.
    """

    def __init__(self, folders: Iterable[Path], cache: Path | None) -> None:
        self._cache = cache
        self._files = [
            (str(folder / name), data)
            for folder in folders
            for name, data in read_tree(folder)
            if name.endswith((".yaml", ".yml", ".json"))
        ]

    @property
    def digest(self) -> str:
        """Differs where any file does."""
        return fingerprint(self._files)

    @cached_property
    def schemas(self) -> dict[Identity, Schema]:
        """The schemas of all served versions; the first one wins. Raises InputError for files that hold none."""
        found: dict[Identity, Schema] = {}
        problems: list[Problem] = []
        for file, data in self._files:
            try:
                found = {**dict(_remember(data, file, self._cache)), **found}
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                problems.append(Problem(file, 0, 0, "", f"cannot be read as {KIND}s: {_explain(error)}"))
        if problems:
            raise InputError(problems)
        return found


def _explain(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"there is no {error}"
    return str(error).splitlines()[0] if isinstance(error, ValueError) and str(error) else "not what kubectl prints"


def _remember(data: bytes, file: str, cache: Path | None) -> list[tuple[Identity, Schema]]:
    """What a file says, from the cache if it was read before."""
    if cache is None:
        return list(_read(data, file))
    kept = cache / f"{digest(FORM + data)}.json"
    with suppress(OSError, ValueError, TypeError):
        rows = json.loads(kept.read_bytes())
        return [((group, version, kind), schema) for (group, version, kind), schema in rows]
    made = list(_read(data, file))
    with suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=cache, delete=False, encoding="utf-8") as new:
            json.dump(made, new)
        Path(new.name).replace(kept)
    return made


def _read(data: bytes, file: str) -> Iterator[tuple[Identity, Schema]]:
    for document in _parse(data, file):
        items = document.get("items", ()) if document.get("kind") in ("List", f"{KIND}List") else (document,)
        for item in items:
            if item.get("kind") == KIND:
                yield from _list_versions(item["spec"])


def _parse(data: bytes, file: str) -> list[dict[str, Any]]:
    if file.endswith(".json"):
        documents = [json.loads(data)]
    else:
        import yaml

        try:
            documents = list(yaml.load_all(data, _make_loader()))
        except yaml.YAMLError as error:
            raise ValueError(str(error)) from None
    return [document for document in documents if document is not None]


def _list_versions(spec: dict[str, Any]) -> Iterator[tuple[Identity, Schema]]:
    for version in spec["versions"]:
        schema = (version.get("schema") or {}).get("openAPIV3Schema")
        if version["served"] and schema is not None:
            yield (spec["group"], version["name"], spec["names"]["kind"]), make_strict(schema)


def _make_loader() -> Any:
    """Reads a lone `=`, a special tag of YAML 1.1 that some schemas have as a value, as the text that it is."""
    import yaml

    loader = type("Loader", (yaml.CSafeLoader,), {})
    loader.add_constructor("tag:yaml.org,2002:value", lambda _, node: node.value)  # type: ignore[attr-defined]
    return loader
