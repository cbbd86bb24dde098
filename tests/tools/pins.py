"""What is built and at which version: tools.toml, crds.tsv and each tool's go.mod as values."""

import hashlib
import platform
import re
import sys
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).resolve().parent
HOME = FOLDER.parent.parent / ".tools"
BIN = HOME / "bin"
SCHEMAS = HOME / "schemas"


class GoTool(NamedTuple):
    """A Go program: `folder` holds its go.mod; `variable` is set to its version by the linker."""

    name: str
    group: str
    folder: Path
    package: str
    version: str
    variable: str

    def stamp(self) -> str:
        """Changes whenever the binary must be built anew."""
        files = [(self.folder / name).read_bytes() for name in ("go.mod", "go.sum")]
        return _digest(repr(self[:2] + self[3:]).encode(), *files)


class CrdSource(NamedTuple):
    """CustomResourceDefinitions in a Go module: `files` are glob patterns inside it, `sum` is the module's hash."""

    name: str
    module: str
    version: str
    sum: str
    files: tuple[str, ...]


class SchemaPins(NamedTuple):
    """The schemas to make: versions of Kubernetes, and sources of custom resources."""

    group: str
    kubernetes: tuple[str, ...]
    crds: tuple[CrdSource, ...]

    def stamp(self, *programs: Path) -> str:
        """Changes whenever the schemas must be made anew; `programs` are the files of code that make them."""
        return _digest(repr(self).encode(), *(program.read_bytes() for program in programs))


def go_tools() -> tuple[GoTool, ...]:
    """Every Go program of tools.toml, in its order."""
    rows = _table()["go"]
    return tuple(_go_tool(name, row) for name, row in rows.items())


def schemas() -> SchemaPins:
    """What tools.toml and crds.tsv say about schemas."""
    row = _table()["schemas"]
    lines = (FOLDER / "crds.tsv").read_text(encoding="utf-8").splitlines()
    crds = [line.split("\t") for line in lines if line and not line.startswith("#")]
    sources = tuple(
        CrdSource(name, module, version, sum_, tuple(files.split())) for name, module, version, sum_, files in crds
    )
    return SchemaPins(row["group"], tuple(row["kubernetes"]), sources)


def needed_go(tools: tuple[GoTool, ...]) -> tuple[int, ...]:
    """The lowest Go version that can build all of them, as numbers."""
    texts = [_find(r"^go (\S+)$", tool.folder / "go.mod") for tool in tools]
    return max(version_numbers(text) for text in texts)


def version_numbers(text: str) -> tuple[int, ...]:
    """The numbers of a Go version: `go1.26.8` and `1.26.8` are (1, 26, 8)."""
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def _go_tool(name: str, row: dict[str, str]) -> GoTool:
    folder = FOLDER / name
    package = _find(r"^tool (\S+)$", folder / "go.mod")
    version = _find(rf"^\s*(?:require )?{re.escape(row['module'])} (v\S+)", folder / "go.mod")
    return GoTool(name, row["group"], folder, package, version, row["version"])


def _find(pattern: str, file: Path) -> str:
    match = re.search(pattern, file.read_text(encoding="utf-8"), re.MULTILINE)
    if not match:
        message = f"{file}: no line like {pattern}"
        raise LookupError(message)
    return match[1]


def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads((FOLDER / "tools.toml").read_text(encoding="utf-8"))


def _digest(*parts: bytes) -> str:
    machine = f"{sys.platform} {platform.machine()}".encode()
    return hashlib.sha256(b"\0".join([machine, *parts])).hexdigest()
