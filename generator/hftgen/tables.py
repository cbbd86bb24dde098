"""The tables in data/: machines, clouds, their disks, add-ons, compilers, exchange calendars; ours and those added.

A repository's own data folder stands beside its specs folder. Its tables have the form of ours; an entry of its own
replaces ours of the same name, but a cloud's settings and disks, a compiler's fields and an add-on's fields and
versions are added to ours.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

from hftgen.errors import InputError, Problem, format_path
from hftgen.spec.addon_table import AddonEntry, parse_addons
from hftgen.spec.compiler_table import CompilerTable, parse_compilers
from hftgen.spec.nearest import nearest_name
from hftgen.spec.node import Node
from hftgen.spec.source import parse

OWN_FILES = (
    "machines.yaml", "capabilities.yaml", "storage.yaml", "addons.yaml", "images.yaml", "actions.yaml",
    "compilers.yaml",
)  # fmt: skip
FOLDER = Path(__file__).with_name("data")
FORM = "an entry such as those of hftgen's own data folder, whose heads describe them"
UNITS = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
ARCHITECTURES = ("amd64", "arm64")
DISK_FIELDS = ("provisioner", "parameters", "smallest", "version")
DISKS = ("hyperdisk", "plain")
STATES = ("native", "bootstrap", "impossible")
CLOUDS = ("aws", "gcp", "azure", "metal", "kind")
SETTINGS = (
    "pinning", "memoryManager", "topologyScope", "fullCores", "reserved", "kernelArguments", "hugepages", "smtOff",
    "spot", "unsafeSysctls", "networkPolicy",
    "placement-cluster", "placement-compact", "placement-proximity",
)  # fmt: skip

T = TypeVar("T")


class Machine(NamedTuple):
    """A kind of machine: threads, bytes of memory, NUMA nodes (0: unknown), threads a core, the most pods (0: unknown).

    `nvme` is GB of local disks that a stopped machine loses; `disks` the kind of disk where it takes no ordinary ones.
    """

    cloud: str
    cpus: int
    memory: int
    threads: int
    numa: int = 1
    sockets: int = 1
    pods: int = 0
    arch: str = "amd64"
    nvme: int = 0
    disks: str = ""


class Disk(NamedTuple):
    """A storage class that we make, or `existing`: one that a cluster has. `smallest` in bytes.

    `name` is the table's; a class is immutable, so that other parameters need another `version`, which it ends with.
    """

    name: str
    provisioner: str = ""
    parameters: Mapping[str, str] = {}
    smallest: int = 0
    existing: str = ""


class Capability(NamedTuple):
    """Whether a cloud can do something, and what to do where it cannot."""

    state: Literal["native", "bootstrap", "impossible"]
    instead: str = ""


class Action(NamedTuple):
    """An action of GitHub workflows: the commit that is used, and the version that it was tagged with."""

    commit: str
    version: str


class Bounds(NamedTuple):
    """The days that a calendar can compute; None: no bound of its own."""

    first: date | None = None
    last: date | None = None


class Tables(NamedTuple):
    """All tables. `calendars` has aliases too; `mistaken` leads from a name people try to the calendar's name.

    `images` has the digest of each image that it knows, by the reference without one.
    """

    machines: Mapping[str, Machine]
    capabilities: Mapping[str, Mapping[str, Capability]]
    disks: Mapping[str, Mapping[str, Disk]]
    addons: Mapping[str, AddonEntry]
    compilers: CompilerTable
    calendars: Mapping[str, Bounds]
    mistaken: Mapping[str, str]
    images: Mapping[str, str]
    actions: Mapping[str, Action]

    def find_disk(self, cloud: str, wanted: str, machine: str | None = None) -> Disk | None:
        """The storage class that `fast` or `standard` means for such a machine; None where there is none."""
        known = self.machines.get(machine) if machine is not None else None
        suffix = f"-{known.disks}" if known is not None and known.disks else ""
        return self.disks.get(cloud, {}).get(wanted + suffix)

    def can(self, cloud: str, setting: str) -> Capability:
        """What a cloud can do with a setting; one that the table does not name is taken for impossible."""
        return self.capabilities.get(cloud, {}).get(setting, Capability("impossible"))


def read_tables(own: Mapping[str, bytes] | None = None) -> Tables:
    """Our tables with those of a repository's data folder; InputError names what is wrong in them.

    `own` holds the bytes of those of OWN_FILES that the folder has, by name. Not cached: the caller keeps the value.
    """
    catalogue = _mapping(_read_ours("calendars.yaml"))
    machines = _read_both("machines.yaml", own or {})
    clouds = _read_both("capabilities.yaml", own or {})
    disks = _read_both("storage.yaml", own or {})
    return Tables(
        _parse_all(_parse_machine, machines),
        _parse_all(_parse_cloud, clouds),
        _parse_all(_parse_disks, disks),
        parse_addons(_read_both("addons.yaml", own or {})),
        parse_compilers(_read_both("compilers.yaml", own or {})),
        dict(_list_calendars(catalogue["calendars"])),
        {name: str(node.value) for name, node in _mapping(catalogue["instead"]).items()},
        _parse_all(_parse_image, _read_both("images.yaml", own or {})),
        _parse_all(_parse_action, _read_both("actions.yaml", own or {})),
    )


def _read_ours(name: str) -> Node:
    return parse((FOLDER / name).read_bytes(), f"hftgen/data/{name}")


def _read_both(name: str, own: Mapping[str, bytes]) -> dict[str, Node]:
    """The entries of our table and of the repository's, which beats ours."""
    entries = dict(_mapping(_read_ours(name)))
    theirs = _mapping(parse(own[name], f"data/{name}")) if name in own else {}
    for key, node in theirs.items():
        shared = {"capabilities.yaml": 1, "storage.yaml": 1, "addons.yaml": 2, "compilers.yaml": 1}.get(name, 0)
        entries[key] = _merge(entries[key], node, shared) if key in entries else node
    return entries


def _merge(ours: Node, theirs: Node, levels: int) -> Node:
    """Theirs instead of ours; mappings of the upper levels are merged key by key."""
    if not levels or not isinstance(ours.value, dict) or not isinstance(theirs.value, dict):
        return theirs
    own = {
        key: _merge(ours.value[key], node, levels - 1) if key in ours.value else node
        for key, node in theirs.value.items()
    }
    return Node(
        {**ours.value, **own}, theirs.file, theirs.line, theirs.column, key=(theirs.key_line, theirs.key_column)
    )


def _mapping(node: Node) -> dict[str, Node]:
    if isinstance(node.value, dict):
        return node.value
    raise _refuse(node, (), "not a mapping", FORM)


def _parse_all(parse_one: Callable[[str, Node], T], entries: Mapping[str, Node]) -> dict[str, T]:
    """Each entry by its name; InputError with the problems of all."""
    values: dict[str, T] = {}
    problems: list[Problem] = []
    for name, node in entries.items():
        try:
            values[name] = parse_one(name, node)
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return values


def _parse_machine(name: str, node: Node) -> Machine:
    fields = _mapping(node)
    missing = [key for key in ("cloud", "cpus", "threads", "memory") if key not in fields]
    if missing and not set(fields) - set(Machine._fields):
        raise InputError(problem for key in missing for problem in _refuse(node, (name, key), "missing", FORM).problems)
    return Machine(**_parse_all(lambda key, child: _parse_field(name, key, child), fields))


def _parse_field(name: str, key: str, node: Node) -> Any:
    """One field of a machine: a word of a list, an amount of memory, or a count."""
    text = node.value if isinstance(node.value, str) else ""
    if key not in Machine._fields:
        expected = nearest_name(key, Machine._fields) or ", ".join(Machine._fields)
        raise _refuse(node, (name, key), "unknown key", expected)
    words = {"cloud": CLOUDS, "arch": ARCHITECTURES, "disks": DISKS}.get(key)
    if words:
        if text not in words:
            raise _refuse(node, (name, key), "unknown value", " | ".join(words))
        return text
    if key == "memory":
        return _parse_amount((name, key), node)
    if key == "numa" and text == "unknown":
        return 0
    if not re.fullmatch("[1-9][0-9]{0,6}", text):
        raise _refuse(node, (name, key), "not a count", "a whole number, at least 1")
    return int(text)


def _parse_amount(path: tuple[str, ...], node: Node) -> int:
    match = re.fullmatch(r"([1-9][0-9]{0,9})(Ki|Mi|Gi|Ti)", node.value if isinstance(node.value, str) else "")
    if not match:
        raise _refuse(node, path, "not an amount of memory", "a quantity such as 192Gi")
    return int(match[1]) * UNITS[match[2]]


def _parse_disks(cloud: str, node: Node) -> dict[str, Disk]:
    return _parse_all(lambda name, child: _parse_disk((cloud, name), child), _mapping(node))


def _parse_disk(path: tuple[str, str], node: Node) -> Disk:
    fields = _mapping(node)
    unknown = set(fields) - {*DISK_FIELDS, "existing"}
    if unknown or ("existing" in fields) == ("provisioner" in fields):
        raise _refuse(node, path, "not a storage class", "{provisioner, parameters, smallest, version} or {existing}")
    parameters = (
        {key: str(value.value) for key, value in _mapping(fields["parameters"]).items()}
        if "parameters" in fields
        else {}
    )
    smallest = _parse_amount((*path, "smallest"), fields["smallest"]) if "smallest" in fields else 0
    names = {key: str(fields[key].value) for key in ("provisioner", "existing") if key in fields}
    version = f"-{fields['version'].value}" if "version" in fields else ""
    return Disk(path[1] + version, parameters=parameters, smallest=smallest, **names)


def _parse_cloud(cloud: str, node: Node) -> dict[str, Capability]:
    return _parse_all(lambda setting, child: _parse_capability((cloud, setting), child), _mapping(node))


def _parse_capability(path: tuple[str, str], node: Node) -> Capability:
    fields = {key: str(value.value) for key, value in _mapping(node).items()}
    state = fields.get("state", "")
    if path[1] not in SETTINGS:
        raise _refuse(node, path, "unknown setting", nearest_name(path[1], SETTINGS) or ", ".join(SETTINGS))
    if state not in STATES or set(fields) - {"state", "instead"}:
        raise _refuse(node, path, "not a capability", "{state: native | bootstrap | impossible, instead: text}")
    return Capability(state, fields.get("instead", ""))  # type: ignore[arg-type]


def _parse_image(name: str, node: Node) -> str:
    fields = {key: str(value.value) for key, value in _mapping(node).items()}
    if set(fields) != {"digest"} or not re.fullmatch("sha256:[0-9a-f]{64}", fields["digest"]):
        raise _refuse(node, (name,), "not an image's digest", "{digest: sha256: and 64 hexadecimal digits}")
    return fields["digest"]


def _parse_action(name: str, node: Node) -> Action:
    fields = {key: str(value.value) for key, value in _mapping(node).items()}
    if set(fields) != {"commit", "version"} or not re.fullmatch("[0-9a-f]{40}", fields["commit"]):
        raise _refuse(node, (name,), "not an action at one commit", "{commit: 40 hexadecimal digits, version: its tag}")
    return Action(**fields)


def _list_calendars(node: Node) -> Iterator[tuple[str, Bounds]]:
    for name, child in _mapping(node).items():
        fields = _mapping(child)
        bounds = Bounds(_date(fields.get("first")), _date(fields.get("last")))
        yield name, bounds
        aliases = fields["aliases"].value if "aliases" in fields else []
        for alias in aliases:
            yield str(alias.value), bounds  # type: ignore[union-attr]


def _date(node: Node | None) -> date | None:
    return None if node is None else date.fromisoformat(str(node.value))


def _refuse(node: Node, path: tuple[str, ...], message: str, expected: str) -> InputError:
    found = node.value if isinstance(node.value, str) else ""
    return InputError([Problem(node.file, node.line, node.column, format_path(path), message, found, expected)])
