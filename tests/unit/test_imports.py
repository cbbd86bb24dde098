"""The flow goes in one direction: the table of packages in design.md, as a test."""

import ast
import functools
import graphlib
from collections.abc import Callable, Iterator
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2] / "generator" / "hftgen"

# Each part of the package, and the parts that it may import besides itself. A part is a module or a package. Those of
# the commands are not here: they may import everything, and nobody may import them.
_MAY_IMPORT: dict[str, set[str]] = {
    "__init__": set(),
    "errors": set(),
    "digest": set(),
    "reading": {"errors"},
    "packaged": set(),
    "tables": {"errors", "spec"},
    "calendar_program": set(),
    "calendars": {"errors"},
    "spec": {"errors", "reading", "tables"},
    "facts": {"__init__", "errors", "spec", "tables", "calendars"},
    "patch": {"errors"},
    "render": {"errors", "reading", "patch"},
    "schemas": {"errors", "digest", "reading"},
    "check": {"errors", "spec", "tables", "calendars", "facts", "render", "schemas"},
    "tree": {"errors", "digest", "reading"},
    "cache": {"errors", "digest", "reading", "tree"},
    "report": {"errors", "check"},
    "pipeline": {"errors", "spec", "tables", "calendars", "facts", "render", "check", "schemas", "tree"},
    "compilation": {"errors", "spec", "tables", "calendars", "render", "check", "schemas", "pipeline"},
    "run": {"errors", "digest", "reading", "packaged", "check", "tree", "cache", "report", "compilation"},
    "outside": {"check", "schemas"},
    "verdicts": {"digest", "reading", "cache", "check", "compilation", "run"},
    "validation": {"reading", "check", "schemas", "tree", "compilation", "run", "outside", "verdicts"},
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
_READING = {"open", "read_text", "read_bytes", "iterdir", "glob", "rglob"}


def test_a_part_imports_only_what_stands_before_it() -> None:
    """The stages do not know those that come after them, and nobody but the commands knows the commands."""
    assert _beyond(_loaded) == set()
    assert _beyond(_reached) == _FOR_TYPES


def test_every_part_is_in_the_table() -> None:
    """A table that drifts from the code says nothing."""
    assert {_part(file) for file in _modules()} == set(_MAY_IMPORT)


def test_the_core_knows_no_terminal_and_no_world() -> None:
    """Click is the commands' own; chance, network and locale are nobody's."""
    names = {(_name(file), name) for file in _modules() for name in _imports(_parse(file))}
    banned = tuple(f"{name}." for name in _ONLY_IN_CLI | _NEVER)
    assert {(file, name) for file, name in names if f"{name}.".startswith(banned)} == set()


def test_the_core_asks_nothing_of_the_process() -> None:
    """No clock, environment variable, working folder, exit or standard stream: what goes in is an argument."""
    files = [file for file in _modules() if _part(file) not in _PROGRAMS]
    found = {(_name(file), ast.unparse(node)) for file in files for node in _walk(file, ast.Attribute)}
    assert {(file, name) for file, name in found if name in _NEVER_CALLED} == set()


def test_facts_read_no_files() -> None:
    """Facts are functions of the environment: the same spec gives the same facts."""
    files = [file for file in _modules() if _part(file) == "facts"]
    calls = {(_name(file), _called(call)) for file in files for call in _walk(file, ast.Call)}
    assert {(file, name) for file, name in calls if name in _READING} == set()


def test_no_state_lives_in_a_module() -> None:
    """A name that a function rebinds from outside is state that outlives the call."""
    assert [_name(file) for file in _modules() if list(_walk(file, ast.Global))] == []


def test_modules_form_no_cycle() -> None:
    """A module can be read, tested and replaced with only those before it."""
    graph = {_dotted(file): _needed(file) for file in sorted(_PACKAGE.rglob("*.py"))}
    assert list(graphlib.TopologicalSorter(graph).static_order())


def test_the_checks_see_what_they_look_for() -> None:
    """An import inside a function counts, one for type checkers is told apart, an attribute is found by its text."""
    tree = ast.parse("if TYPE_CHECKING:\n    import a.b\ndef f():\n    from c import d\n    os.environ['x']")
    assert list(_imports(tree)) == ["a.b", "c.d"]
    assert list(_imports(_without_types(tree))) == ["c.d"]
    assert "os.environ" in {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def _modules() -> list[Path]:
    return [file for file in sorted(_PACKAGE.rglob("*.py")) if _part(file) not in {"cli", "__main__"}]


def _part(file: Path) -> str:
    return file.relative_to(_PACKAGE).parts[0].removesuffix(".py")


def _name(file: Path) -> str:
    return str(file.relative_to(_PACKAGE))


@functools.cache
def _parse(file: Path) -> ast.Module:
    """A module as it is imported: without what it does when it is run as a program."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if not _is_under(node, "__name__ == '__main__'")]
    return tree


def _without_types(tree: ast.Module) -> ast.Module:
    """A module as it is loaded: without what only type checkers read."""
    return ast.Module([node for node in tree.body if not _is_under(node, "TYPE_CHECKING")], [])


def _is_under(node: ast.stmt, condition: str) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == condition


def _walk(file: Path, kind: type[ast.AST]) -> Iterator[ast.AST]:
    return (node for node in ast.walk(_parse(file)) if isinstance(node, kind))


def _called(call: ast.AST) -> str:
    """The last word of what is called: `open` of `Path(x).open()`."""
    assert isinstance(call, ast.Call)
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _imports(tree: ast.AST) -> Iterator[str]:
    """Full names of what is imported anywhere in a module, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _reached(tree: ast.Module) -> set[str]:
    """The parts of ours that a module imports, for whatever reason."""
    parts = {name.split(".")[1] for name in _imports(tree) if name.startswith("hftgen.")}
    return {part if (_PACKAGE / part).is_dir() or (_PACKAGE / f"{part}.py").exists() else "__init__" for part in parts}


def _loaded(tree: ast.Module) -> set[str]:
    """The parts of ours that are loaded with a module."""
    return _reached(_without_types(tree))


def _beyond(reach: Callable[[ast.Module], set[str]]) -> set[tuple[str, str]]:
    """Pairs of parts of which the first imports the second against the table."""
    pairs = {(_part(file), part) for file in _modules() for part in reach(_parse(file))}
    return {(part, other) for part, other in pairs if other != part and other not in _MAY_IMPORT.get(part, set())}


def _dotted(file: Path) -> str:
    return ".".join(["hftgen", *file.relative_to(_PACKAGE).with_suffix("").parts]).removesuffix(".__init__")


def _needed(file: Path) -> set[str]:
    """The modules that are loaded when this one is: imports at the top, not those inside functions."""
    tree = _parse(file)
    top = ast.Module([node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)], [])
    names = [name for name in _imports(top) if name.startswith("hftgen.")]
    return {name if _is_module(name) else name.rpartition(".")[0] for name in names} - {_dotted(file)}


def _is_module(name: str) -> bool:
    path = _PACKAGE.joinpath(*name.split(".")[1:])
    return path.is_dir() or path.with_suffix(".py").exists()
