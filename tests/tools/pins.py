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
STAMPS = HOME / "stamps"
SCHEMAS = HOME / "schemas"
CRDS = HOME / "crds"
STAGES = HOME / "stages"
PROVIDERS = HOME / "providers"
"""A mirror of Terraform providers that have their schemas and nothing behind them."""
PYTHON = HOME.resolve() / "python"
"""The environment of outside tools written in Python, or carried by its package index; their programs lie in `bin`."""


class GoTool(NamedTuple):
    """A Go program: `folder` holds its go.mod; the linker sets `variables` to its version, `variable=value` to that."""

    name: str
    group: str
    folder: Path
    package: str
    version: str
    variables: tuple[str, ...]

    def stamp(self) -> str:
        """Changes whenever the binary must be built anew."""
        files = [self.folder / "go.mod", self.folder / "go.sum", *sorted(self.folder.glob("*.go"))]
        return _digest(repr(self[:2] + self[3:]).encode(), *(file.read_bytes() for file in files))

    def flags(self) -> str:
        """What the linker is told."""
        settings = [name if "=" in name else f"{name}={self.version}" for name in self.variables]
        return " ".join(["-s -w", *(f"-X {setting}" for setting in settings)])


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


class CrdPins(NamedTuple):
    """The CustomResourceDefinitions that an API server is given."""

    group: str
    crds: tuple[CrdSource, ...]

    def stamp(self) -> str:
        """Changes whenever they must be fetched anew."""
        return _digest(repr(self).encode())


class ModuleFiles(NamedTuple):
    """Files that a tool's own module brings: `files` are glob patterns inside it, `folder` holds the tool's go.mod."""

    name: str
    group: str
    folder: Path
    module: str
    files: tuple[str, ...]

    def stamp(self) -> str:
        """Changes whenever they must be fetched anew."""
        return _digest(repr(self[:2] + self[3:]).encode(), (self.folder / "go.sum").read_bytes())


class PythonPins(NamedTuple):
    """Lock files of an environment for outside tools, installed one after another."""

    group: str
    locks: tuple[Path, ...]

    def stamp(self) -> str:
        """Changes whenever it must be made anew."""
        return _digest(repr(sys.version_info[:2]).encode(), *(lock.read_bytes() for lock in self.locks))


class ProviderPins(NamedTuple):
    """What schemas of Terraform providers are read from: a lock file of packages."""

    group: str
    lock: Path

    def stamp(self, *programs: Path) -> str:
        """Changes whenever they must be read anew; `programs` are the files of code that read them."""
        return _digest(self.lock.read_bytes(), *(program.read_bytes() for program in programs))


def go_tools() -> tuple[GoTool, ...]:
    """Every Go program of tools.toml, in its order; those of one go.mod stand together."""
    return tuple(tool for name, row in _table()["go"].items() for tool in _read_module(FOLDER / name, row))


def schemas() -> SchemaPins:
    """What tools.toml and crds.tsv say about schemas."""
    row = _table()["schemas"]
    return SchemaPins(row["group"], tuple(row["kubernetes"]), _crd_sources())


def crds() -> CrdPins:
    """What tools.toml and crds.tsv say about CustomResourceDefinitions."""
    return CrdPins(_table()["crds"]["group"], _crd_sources())


def python() -> PythonPins:
    """What tools.toml says about tools that the package index carries."""
    row = _table()["python"]
    return PythonPins(row["group"], tuple(FOLDER / name for name in row["locks"]))


def providers() -> ProviderPins:
    """What tools.toml says about Terraform providers."""
    row = _table()["providers"]
    return ProviderPins(row["group"], FOLDER / row["lock"])


def module_files() -> tuple[ModuleFiles, ...]:
    """The files of tools' modules that tools.toml names."""
    table = _table()
    return tuple(
        ModuleFiles(name, row["group"], FOLDER / row["of"], table["go"][row["of"]]["module"], tuple(row["files"]))
        for name, row in table["files"].items()
    )


def _crd_sources() -> tuple[CrdSource, ...]:
    lines = (FOLDER / "crds.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return tuple(
        CrdSource(name, module, version, sum_, tuple(files.split())) for name, module, version, sum_, files in rows
    )


def needed_go(tools: tuple[GoTool, ...]) -> tuple[int, ...]:
    """The lowest Go version that can build all of them, as numbers."""
    texts = [_find(r"^go (\S+)$", tool.folder / "go.mod") for tool in tools]
    return max(version_numbers(text) for text in texts)


def version_numbers(text: str) -> tuple[int, ...]:
    """The numbers of a Go version: `go1.26.8` and `1.26.8` are (1, 26, 8)."""
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def _read_module(folder: Path, row: dict[str, Any]) -> list[GoTool]:
    """The programs that a go.mod calls tools. A lone one has the folder's name, several have their packages'."""
    version = _find(rf"^\s*(?:require )?{re.escape(row['module'])} (v\S+)", folder / "go.mod")
    block = _find(r"^tool (\((?s:.*?)^\)|\S+)$", folder / "go.mod")
    packages = block.strip("()").split()
    names = [folder.name] if len(packages) == 1 else [package.rpartition("/")[2] for package in packages]
    return [
        GoTool(name, row["group"], folder, package, version, tuple(row["version"]))
        for name, package in zip(names, packages, strict=True)
    ]


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
