"""Specs folders to checked environments: discovery, extends, overrides, attached files, places, problems."""

import errno
import os
import random
import time
from pathlib import Path

import pytest

from hftgen.errors import InputError, MachineError, Problem
from hftgen.spec.discovery import discover
from hftgen.spec.extends import MAX_FILES, extend
from hftgen.spec.load import MAX_PROBLEMS, Loaded, Sources, load, load_all
from hftgen.spec.node import to_plain
from hftgen.spec.repository import find_repository
from hftgen.spec.yaml_text import MAX_BYTES

BASE = """\
apiVersion: hftgen/v1
project: shop
gitops: {repoURL: https://git.example.com/shop.git}
kubernetes: {version: "1.36"}
clusters:
  east: {cloud: kind}
  west: {cloud: kind, role: standby}
services:
  web:
    image: registry.example.com/web:v1
    replicas: 2
    ports: {http: 8080}
    config: {MODE: fast, LOG: info}
  api: {image: registry.example.com/api:v1}
"""
ONE = "extends: base.yaml\nenvironment: one\ntier: development\n"


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """The specs folder of a repository with one environment that loads."""
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "specs"
    folder.mkdir()
    write(folder, base=BASE, one=ONE)
    return folder


def write(folder: Path, **texts: str) -> None:
    """Writes specs by their stems."""
    for stem, text in texts.items():
        (folder / f"{stem}.yaml").write_text(text, encoding="utf-8")


def load_one(specs: Path, more: str = "") -> Loaded:
    """The environment `one` with more fields."""
    write(specs, one=ONE + more)
    return load(specs, "one", Sources())


def problems_of(specs: Path, more: str = "", name: str = "one") -> tuple[Problem, ...]:
    """What is wrong with an environment; `more` fields are for `one`."""
    if more:
        write(specs, one=ONE + more)
    with pytest.raises(InputError) as caught:
        load(specs, name, Sources())
    return caught.value.problems


def test_environments_are_those_that_say_so(specs: Path) -> None:
    """A spec with `environment` is one, sorted by name; others are only there to be extended; hidden files are none."""
    write(specs, two=ONE.replace("one", "two"), apart=ONE.replace("one", "apart"))
    (specs / ".two.yaml").write_text("environment: hidden", encoding="utf-8")
    (specs / "notes.txt").write_text("environment: notes", encoding="utf-8")
    assert discover(specs) == {name: specs / f"{name}.yaml" for name in ("apart", "one", "two")}


def test_a_broken_spec_stays_among_the_environments(specs: Path) -> None:
    """One unreadable file does not hide what is wrong with the others: loading all names everything."""
    write(specs, broken="a: [", one=ONE + "teir: x\n", two="environment: three\n")
    assert set(discover(specs)) == {"broken", "one", "two"}
    with pytest.raises(InputError) as caught:
        load_all(specs, discover(specs), Sources())
    assert [problem.file for problem in caught.value.problems] == [f"specs/{x}.yaml" for x in ("broken", "one", "two")]


def test_a_broken_neighbour_does_not_matter(specs: Path) -> None:
    """An environment that is named loads, whatever the other specs hold."""
    write(specs, broken="a: [")
    assert load(specs, "one", Sources()).environment.environment == "one"


@pytest.mark.parametrize("name", ["", "nope", "../specs/one", "base", "one.yaml", "a/b", "\0", ".", "*"])
def test_unknown_environments(specs: Path, name: str) -> None:
    """A name that is none is refused with the known ones, whatever it is made of."""
    (problem,) = problems_of(specs, name=name)
    assert (problem.message, problem.expected) == ("there is no such environment", "one")


def test_folder_without_environments(specs: Path) -> None:
    """A folder that makes nothing is an error: rendering it would remove everything."""
    (specs / "one.yaml").unlink()
    with pytest.raises(InputError, match="no spec of this folder is an environment"):
        discover(specs)


def test_services_by_cluster(specs: Path) -> None:
    """A service runs on every cluster unless it names some; what no cluster changes is one object."""
    loaded = load_one(specs, "services: {web: {clusters: {west: {}}}}\n")
    assert {cluster: list(services) for cluster, services in loaded.services.items()} == {
        "east": ["api"],
        "west": ["api", "web"],
    }
    assert loaded.services["west"]["web"] is loaded.environment.services["web"]
    assert loaded.services["east"]["api"] is loaded.services["west"]["api"]


def test_cluster_overrides(specs: Path) -> None:
    """An override merges onto the service before short forms become long; null removes, replicas displace autoscale."""
    fields = "cpu: 1, autoscale: {min: 2, max: 3, cpu: 70%}, replicas: null"
    own = "cpu: {limit: 2}, replicas: 3, config: {LOG: null, MODE: slow}, ports: {http: 9090}"
    loaded = load_one(specs, f"services: {{web: {{{fields}, clusters: {{east: {{}}, west: {{{own}}}}}}}}}\n")
    east, west = loaded.services["east"]["web"], loaded.services["west"]["web"]
    assert east.autoscale is not None
    assert east.config == {"LOG": "info", "MODE": "fast"}
    assert east.cpu is not None
    assert west.cpu is not None
    assert (east.cpu.request, west.cpu.request, west.cpu.limit) == ("1", None, "2")
    assert (west.replicas, west.autoscale, west.config) == (3, None, {"MODE": "slow"})
    assert west.ports["http"].port == 9090


def test_problems_of_overrides_are_said_once(specs: Path) -> None:
    """What is wrong with the service itself is not repeated for each cluster that changes something else."""
    more = "services: {web: {cpu: x, image: null, clusters: {east: {replicas: 1}, west: {memory: y}}}}\n"
    paths = [problem.path for problem in problems_of(specs, more)]
    assert sorted(paths) == ["services.web.clusters.west.memory", "services.web.cpu", "services.web.image"]


def test_places(specs: Path) -> None:
    """A value's place is where it was said last; a field that is not there has its nearest ancestor's."""
    more = "services:\n  web:\n    cpu: 2\n    clusters: {west: {cpu: 3, replicas: 0}}\n"
    loaded = load_one(specs, more)
    assert loaded.place(("services", "web", "cpu", "limit")) == ("specs/one.yaml", 6, 10)
    assert loaded.place(("services", "web", "image")) == ("specs/base.yaml", 10, 12)
    assert loaded.place(("services", "web", "clusters", "west", "cpu", "request")) == ("specs/one.yaml", 7, 28)
    assert loaded.place(("services", "web", "clusters", "west", "image")) == ("specs/base.yaml", 10, 12)
    assert loaded.place(("services", "web", "nothing", "at", 1)) == ("specs/one.yaml", 6, 5)
    assert loaded.place(()) == ("specs/one.yaml", 1, 1)


def test_key_order_does_not_matter(specs: Path) -> None:
    """The same fields in another order are the same environment."""
    first = load_one(specs, "services: {web: {cpu: 1, memory: 1Gi}, zeta: {image: a/b:c}}\n")
    second = load_one(specs, "services: {zeta: {image: a/b:c}, web: {memory: 1Gi, cpu: 1}}\n")
    assert first.environment == second.environment
    assert list(first.services["east"]) == list(second.services["east"]) == ["api", "web", "zeta"]


def test_extends_in_order_and_diamonds(specs: Path) -> None:
    """Later names win, a file reached twice is no circle, and a removal reaches what an earlier name says."""
    write(specs, root=BASE, left="extends: root.yaml\nowner: {team: left, contact: l}\n")
    write(specs, right="extends: root.yaml\nowner: {team: right}\nservices: {api: null}\n")
    write(specs, one="extends: [left.yaml, ./right.yaml]\nenvironment: one\ntier: development\n")
    loaded = load(specs, "one", Sources())
    assert to_plain(loaded.root)["owner"] == {"team": "right", "contact": "l"}
    assert list(loaded.environment.services) == ["web"]
    assert list(loaded.read) == [f"specs/{name}.yaml" for name in ("left", "one", "right", "root")]


def test_extends_is_relative_to_the_file_that_says_it(specs: Path) -> None:
    """A shared folder's files name their own neighbours; `..` is fine inside the repository."""
    shared = specs.parent / "shared"
    shared.mkdir()
    write(shared, base="extends: ./more.yaml\n" + BASE, more="owner: {team: t}\n")
    write(specs, one=ONE.replace("base.yaml", "../shared/base.yaml"))
    assert list(load(specs, "one", Sources()).read) == ["shared/base.yaml", "shared/more.yaml", "specs/one.yaml"]


def test_long_chains(specs: Path) -> None:
    """A chain of files ends at a bound; a wide diamond of many levels costs no more than its files."""
    write(specs, f0=BASE, **{f"f{n}": f"extends: [f{n - 1}.yaml, f{n - 1}.yaml]\n" for n in range(1, MAX_FILES + 2)})
    start = time.perf_counter()
    assert extend(specs.parent, f"specs/f{MAX_FILES - 5}.yaml", Sources()).files
    with pytest.raises(InputError, match="reaches too many files"):
        extend(specs.parent, f"specs/f{MAX_FILES + 1}.yaml", Sources())
    assert time.perf_counter() - start < 1


def test_each_file_is_read_once(specs: Path) -> None:
    """Environments share what they extend, and each knows every byte that it was made of."""
    write(specs, two=ONE.replace("one", "two"))
    sources = Sources()
    loaded = load_all(specs, ["two", "one"], sources)
    assert list(loaded) == ["one", "two"]
    assert loaded["one"].read["specs/base.yaml"] is loaded["two"].read["specs/base.yaml"]
    assert loaded["one"].read["specs/one.yaml"] == ONE.encode()
    write(specs, base="broken: [")
    assert load(specs, "one", sources).environment == loaded["one"].environment


def test_repository(specs: Path, tmp_path: Path) -> None:
    """The nearest parent with `.git`, a folder or a worktree's file; else the parent of the specs folder."""
    assert find_repository(specs) == tmp_path
    inner = tmp_path / "deploy"
    (inner / "specs").mkdir(parents=True)
    assert find_repository(inner / "specs") == tmp_path
    (inner / ".git").write_text("gitdir: elsewhere", encoding="utf-8")
    assert find_repository(inner / "specs") == inner
    (tmp_path / ".git").rmdir()
    (inner / ".git").unlink()
    assert find_repository(inner / "specs") == inner


@pytest.mark.parametrize("what", ["fifo", "device", "socket", "folder", "link", "dangling", "behind"])
def test_only_regular_files_are_opened(specs: Path, what: str) -> None:
    """Pipes, devices, folders and links in the place of a spec are refused at once: nothing waits for a writer."""
    place = specs / "odd.yaml"
    if what == "fifo":
        os.mkfifo(place)
    elif what == "folder":
        place.mkdir()
    elif what == "behind":
        (specs / "through").symlink_to(specs, target_is_directory=True)
        place = specs / "through" / "base.yaml"
    else:
        targets = {"device": "/dev/zero", "socket": "/dev/log", "link": "base.yaml", "dangling": "nowhere"}
        place.symlink_to(targets[what])
    write(specs, one=ONE.replace("base.yaml", place.relative_to(specs).as_posix()))
    (problem,) = problems_of(specs)
    assert (problem.file, problem.line, problem.path) == ("specs/one.yaml", 1, "extends")


def test_a_specs_folder_that_is_a_link(specs: Path, tmp_path: Path) -> None:
    """The specs folder itself may not be a link below the repository; the way to the repository may."""
    (tmp_path / "other").symlink_to(specs, target_is_directory=True)
    with pytest.raises(InputError, match="symbolic link"):
        load(tmp_path / "other", "one", Sources())
    away = tmp_path / "away"
    away.mkdir()
    (away / "repository").symlink_to(tmp_path, target_is_directory=True)
    assert load(away / "repository" / "specs", "one", Sources()).read


def test_unreadable_files_are_the_machines(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A permission that is missing is no mistake of the spec."""

    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(MachineError, match=r"specs/one\.yaml: cannot read: Permission denied"):
        load(specs, "one", Sources())


def test_attached_files(specs: Path) -> None:
    """`from` is read from beside the spec that says it, and belongs to the bytes the environment was made of."""
    (specs / "assets").mkdir()
    (specs / "assets" / "a.txt").write_bytes("é\r\n".encode())
    loaded = load_one(specs, "services: {web: {files: {a.txt: {from: assets/a.txt}}}}\n")
    assert loaded.files == {"assets/a.txt": "é\r\n"}
    assert "specs/assets/a.txt" in loaded.read


def test_attached_files_of_a_cluster(specs: Path) -> None:
    """A file that only one cluster's override names is read too."""
    (specs / "a.txt").write_text("a", encoding="utf-8")
    loaded = load_one(specs, "services: {web: {clusters: {east: {files: {a.txt: {from: a.txt}}}}}}\n")
    assert loaded.files == {"a.txt": "a"}


def test_attached_files_of_one_name(specs: Path) -> None:
    """Two specs in two folders may not mean two files by one text: it would be unclear which is meant."""
    (specs / "sub").mkdir()
    write(specs / "sub", base=BASE.replace("replicas: 2", "files: {a: {from: a.txt}}"))
    for folder in (specs, specs / "sub"):
        (folder / "a.txt").write_text(str(folder), encoding="utf-8")
    write(specs, one=ONE.replace("base.yaml", "sub/base.yaml") + "services: {api: {files: {a: {from: a.txt}}}}\n")
    assert [problem.message for problem in problems_of(specs)] == ["one name means two files"]


def test_hostile_texts_name_their_place(specs: Path) -> None:
    """What would exhaust a naive reader is refused through the whole loader, and at once."""
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 7)
    )
    start = time.perf_counter()
    assert [problem.message for problem in problems_of(specs, bomb)] == ["the spec holds too many values"]
    assert [problem.message for problem in problems_of(specs, "deep: " + "[" * 100_000)] == ["nested too deep"]
    assert [problem.message for problem in problems_of(specs, "#" * MAX_BYTES)] == ["the file is too large"]
    assert time.perf_counter() - start < 1


def test_a_flood_of_problems_is_cut(specs: Path) -> None:
    """A spec with twenty thousand mistakes says the first ones, and that there are more."""
    start = time.process_time()
    problems = problems_of(specs, "services: {web: {args: [" + "[x]," * 20_000 + "]}}\n")
    assert len(problems) == MAX_PROBLEMS + 1
    assert problems[-1].message == "the problems from here on are not shown: there are too many"
    assert time.process_time() - start < 5


@pytest.mark.parametrize("name", ["a\x1b[31m", "a\nb", "\udce9"])
def test_names_that_no_terminal_shows(specs: Path, name: str) -> None:
    """A file whose name would not be shown as it is cannot be a spec, and is said without its odd characters."""
    (specs / f"{name}.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(InputError, match="not a spec's name") as caught:
        load_all(specs, discover(specs), Sources())
    assert all(line.isprintable() for line in str(caught.value).splitlines())


def test_environment_by_alias(specs: Path) -> None:
    """The name may stand behind an anchor."""
    write(
        specs,
        one=ONE.replace("one", "&name one"),
        two=ONE.replace("environment: one", "owner: {team: &t two}\nenvironment: *t"),
    )
    assert list(discover(specs)) == ["one", "two"]


def test_many_problems_are_one_list(specs: Path) -> None:
    """Problems of models in one service, of overrides and of attached files come together, sorted by place."""
    more = (
        "services:\n  web:\n    replicas: two\n    files: {a: {from: none.txt}}\n"
        "    clusters: {east: {cpu: x}, north: {}}\n    args: [~]\n"
    )
    problems = problems_of(specs, more)
    assert [(problem.line, problem.path) for problem in problems] == [
        (6, "services.web.replicas"),
        (7, "services.web.files.a.from"),
        (8, "services.web.clusters.east.cpu"),
        (8, "services.web.clusters.north"),
        (9, "services.web.args[0]"),
    ]


def test_mutated_specs_are_input_errors(specs: Path, repository: Path) -> None:
    """Seeded damage to a large spec loads or is an InputError, never anything else."""
    (specs / "base.yaml").write_bytes((repository / "specs" / "base.yaml").read_bytes())
    original = (repository / "specs" / "production.yaml").read_bytes()
    scraps = [b"null", b"[]", b"{}", b'"', b"*a", b"&a ", b"<<: ", b"!x ", b"- ", b": ", b"\n", b"\t", b"\0", b"\xff"]
    scraps += [b"0", b"9" * 400, b".nan", b"{", b"]", b"|\n"]
    source = random.Random(3)
    refused = 0
    for _ in range(150):
        data = bytearray(original)
        for _ in range(source.randint(1, 3)):
            position = source.randrange(len(data))
            data[position : position + source.randint(0, 9)] = source.choice(scraps)
        (specs / "production.yaml").write_bytes(bytes(data))
        try:
            load(specs, "production", Sources())
        except InputError as error:
            refused += bool(str(error))
    assert refused > 100
