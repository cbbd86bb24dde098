"""The flow goes in one direction: the table of docs and design, as a test."""

import ast
import functools
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

_PACKAGE = Path(__file__).resolve().parents[2] / "generator" / "hftgen"

# Each part of the package, and the parts that it may import besides itself. A part is a module or a package.
_MAY_IMPORT: dict[str, set[str]] = {
    "__init__": set(),
    "errors": set(),
    "digest": set(),
    "reading": {"errors"},
    "packaged": set(),
    "tables": {"errors", "spec"},
    "calendar_program": set(),
    "calendars": {"errors"},
    "spec": {"errors", "tables"},
    "facts": {"errors", "spec", "tables", "calendars"},
    "render": {"errors", "reading"},
    "check": {"errors", "spec", "tables", "calendars", "facts", "render"},
    "tree": {"errors", "digest", "reading"},
    "cache": {"errors", "digest", "reading", "tree"},
    "report": {"errors", "check"},
    "pipeline": {"errors", "spec", "tables", "calendars", "facts", "render", "check"},
    "compilation": {"errors", "spec", "tables", "calendars", "render", "check", "pipeline"},
    "run": {"errors", "digest", "reading", "packaged", "check", "tree", "cache", "report", "compilation"},
}
# What is named for type checkers alone (`if TYPE_CHECKING:`), never loaded, against the direction.
_FOR_TYPES = {("compilation", "run")}
# Programs of their own: they talk through standard streams, and nothing imports them.
_PROGRAMS = {"calendar_program"}
_ONLY_IN_CLI = {"click"}
# The core asks neither the machine nor the world. Waiting for a lock is the tree's.
_NEVER = {"random", "secrets", "uuid", "socket", "http", "urllib.request", "locale", "getpass"}
_NEVER_CALLED = {
    "os.chdir",
    "os.getenv",
    "os.environ",
    "os.getcwd",
    "sys.exit",
    "sys.argv",
    "sys.stdout",
    "sys.stderr",
    "Path.cwd",
    "Path.home",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "date.today",
}


def _modules() -> list[Path]:
    return [file for file in sorted(_PACKAGE.rglob("*.py")) if _part(file) != "cli"]


def _part(file: Path) -> str:
    return file.relative_to(_PACKAGE).parts[0].removesuffix(".py")


def _name(file: Path) -> str:
    return str(file.relative_to(_PACKAGE))


def _imports(tree: ast.AST) -> Iterator[str]:
    """Full names of what is imported anywhere in a module, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _is_ours(name: str) -> bool:
    return name.startswith("hftgen.") or name == "hftgen"


def _reached(name: str) -> str:
    """The part that a name of ours belongs to."""
    part = name.split(".")[1]
    return part if (_PACKAGE / part).is_dir() or (_PACKAGE / f"{part}.py").exists() else "__init__"


def _without_types(tree: ast.Module) -> ast.Module:
    """A module as it is loaded: without what only type checkers read."""
    return ast.Module([node for node in tree.body if not ast.unparse(node).startswith("if TYPE_CHECKING:")], [])


@functools.cache
def _parse(file: Path) -> ast.Module:
    """A module as it is imported: without what it does when it is run as a program."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if not ast.unparse(node).startswith("if __name__ == '__main__':")]
    return tree


@pytest.mark.parametrize("file", _modules(), ids=_name)
def test_a_part_imports_only_what_stands_before_it(file: Path) -> None:
    """The stages do not know those that come after them, and nobody but the commands knows the commands."""
    part = _part(file)
    assert part in _MAY_IMPORT, f"say in this test what {part} may import"
    allowed = _MAY_IMPORT[part] | {part}
    tree = _parse(file)
    assert {_reached(name) for name in _imports(_without_types(tree)) if _is_ours(name)} <= allowed
    for_types = {target for source, target in _FOR_TYPES if source == part}
    assert {_reached(name) for name in _imports(tree) if _is_ours(name)} <= allowed | for_types


@pytest.mark.parametrize("file", _modules(), ids=_name)
def test_the_core_knows_no_terminal_and_no_world(file: Path) -> None:
    """Click is the commands' own; chance, network and locale are nobody's."""
    found = {f"{name}." for name in _imports(_parse(file))}
    assert [name for name in found for one in _ONLY_IN_CLI | _NEVER if name.startswith(f"{one}.")] == []


@pytest.mark.parametrize("file", [file for file in _modules() if _part(file) not in _PROGRAMS], ids=_name)
def test_the_core_asks_nothing_of_the_process(file: Path) -> None:
    """No clock, environment variable, working folder, exit or standard stream: what goes in is an argument."""
    found = {ast.unparse(node) for node in ast.walk(_parse(file)) if isinstance(node, ast.Attribute)}
    assert not found & _NEVER_CALLED


@pytest.mark.parametrize("file", [file for file in _modules() if _part(file) == "facts"], ids=_name)
def test_facts_read_no_files(file: Path) -> None:
    """Facts are functions of the environment: the same spec gives the same facts."""
    calls = [node.func for node in ast.walk(_parse(file)) if isinstance(node, ast.Call)]
    names = {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}
    assert not names & {"open", "read_text", "read_bytes", "iterdir", "glob", "rglob"}


@pytest.mark.parametrize("file", _modules(), ids=_name)
def test_no_state_lives_in_a_module(file: Path) -> None:
    """A name that a function rebinds from outside is state that outlives the call."""
    assert not [node for node in ast.walk(_parse(file)) if isinstance(node, ast.Global)]


def test_the_table_names_no_part_that_is_gone() -> None:
    """A table that drifts from the code says nothing."""
    parts = {_part(file) for file in _modules()}
    assert set(_MAY_IMPORT) <= parts


def test_modules_form_no_cycle() -> None:
    """A module can be read, tested and replaced with only those before it."""
    graph = {_dotted(file): _needed(file) for file in sorted(_PACKAGE.rglob("*.py"))}
    assert list(graphlib.TopologicalSorter(graph).static_order())


def _dotted(file: Path) -> str:
    return ".".join(["hftgen", *file.relative_to(_PACKAGE).with_suffix("").parts]).removesuffix(".__init__")


def _needed(file: Path) -> set[str]:
    """The modules that are loaded when this one is: imports at the top, not those inside functions."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    top = ast.Module([node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)], [])
    names = [name for name in _imports(top) if name.startswith("hftgen.")]
    return {name if _is_module(name) else name.rpartition(".")[0] for name in names} - {_dotted(file)}


def _is_module(name: str) -> bool:
    path = _PACKAGE.joinpath(*name.split(".")[1:])
    return path.is_dir() or path.with_suffix(".py").exists()
