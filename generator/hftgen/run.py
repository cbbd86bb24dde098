"""A run: named environments from specs to disk, doing only what is not done already.

Heavy modules are imported where they are needed, so that a render that has nothing to do is instant.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, NamedTuple

from hftgen.cache import Cache, Entry, Inputs, describe_installation
from hftgen.check.finding import Finding
from hftgen.digest import digest, fingerprint
from hftgen.errors import BlockedError, InputError, Problem
from hftgen.reading import find_repository, read_file, read_tree
from hftgen.report import EnvironmentReport, Report
from hftgen.tree.target import check_target, is_busy, list_strangers

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from hftgen.compilation import Outcome
    from hftgen.tree.changes import FolderChanges
    from hftgen.tree.transaction import Stamps

REPOSITORY = "repository"
"""The folder of what belongs to all environments together; below templates/ and below rendered/."""


MAX_SPEC = 1 << 20
"""Bytes of a file that can be a spec (spec.yaml_text.MAX_BYTES)."""


class Request(NamedTuple):
    """What a person asked for. No environments: all. `templates` and `policies`: folders, the first one wins.

    `check`: write nothing. `cache` and `calendars` are folders outside git; None keeps nothing.
    """

    specs: "Path"
    templates: "tuple[Path, ...]"
    policies: "tuple[Path, ...]"
    output: "Path"
    as_of: "date"
    environments: tuple[str, ...] = ()
    jobs: int = 1
    check: bool = False
    cache: str | None = None
    calendars: str | None = None


class Listener(NamedTuple):
    """Who is told on the way: `say` a sentence; `advance` how many environments of how many are done."""

    say: Callable[[str], None]
    advance: Callable[[int, int], None]


class Common(NamedTuple):
    """What every environment is rendered with: its digest, and whether templates make something for all together."""

    digest: str
    shares: bool


def render(request: Request, listener: Listener) -> Report:
    """Compile the environments, and write what changed unless the request only checks.

    Raises InputError with the problems of all environments, BlockedError, MachineError; then nothing was written.
    """
    run = _Run(request, listener)
    hits = run.find_hits()
    if run.is_settled(hits):
        return run.settle(hits, ())
    with run.hold():
        run.recover()
        hits = run.find_hits()
        outcomes = run.compile(hits)
        _refuse_blocked(finding for outcome in outcomes for finding in outcome.findings)
        return run.settle(hits, outcomes)


class _Run:
    """One run; its steps in the order of `render`."""

    def __init__(self, request: Request, listener: Listener) -> None:
        self._request = request
        self._listener = listener
        self._root = find_repository(os.path.abspath(request.specs))
        refuse_folders(request, self._root)
        self._cache = Cache(request.cache, request.output)
        self._common = read_common(request)
        self._specs = fingerprint(_read_specs(request.specs))
        self._names = self._list_names()
        self._together = self._common.shares and not request.environments
        names = (*self._names, REPOSITORY) if self._together else self._names
        sources = (request.specs, *request.templates, *request.policies)
        check_target(request.output, names, sources=sources, root=self._root)

    def is_settled(self, hits: Mapping[str, Entry]) -> bool:
        """Whether nothing is to be done, so that no lock is needed and a read-only output is fine."""
        if is_busy(self._request.output) or set(self._names) - hits.keys():
            return False
        return not (self._together and REPOSITORY not in hits) and not self._list_strangers(hits)

    def hold(self) -> AbstractContextManager[None]:
        """The lock of the output folder; a check takes none, since it writes nothing."""
        if self._request.check:
            return nullcontext()
        from hftgen.tree.lock import lock

        return lock(self._request.output, on_wait=self._listener.say)

    def recover(self) -> None:
        """Finish or forget what an interrupted render left; a check only says it."""
        from hftgen.tree.transaction import pending, recover

        sentence = pending(self._request.output) if self._request.check else recover(self._request.output)
        if sentence:
            self._listener.say(sentence)

    def find_hits(self) -> dict[str, Entry]:
        """The folders that a render would not change."""
        inputs = Inputs(self._root)
        names = [*self._names, REPOSITORY] if self._together else self._names
        found = {name: self._cache.find(name, self._common.digest, inputs) for name in names}
        recorded = self._cache.recall("nothing together", self._common.digest)
        if self._together and recorded is not None and inputs.agree(recorded):
            self._together = False
        return {name: entry for name, entry in found.items() if entry is not None}

    def compile(self, hits: Mapping[str, Entry]) -> "list[Outcome]":
        """What has to be rendered; with any environment, also what belongs to all of them."""
        names = [name for name in self._names if name not in hits]
        together = self._together and REPOSITORY not in hits
        if not names and not together:
            return []
        from pathlib import Path

        from hftgen.compilation import compile_all, compile_together

        root = Path(self._root)
        if not together:
            return compile_all(self._request, root, names, self._listener)
        outcomes, shared = compile_together(self._request, root, names, self._names, self._listener)
        return [*outcomes, shared._replace(name=REPOSITORY)]

    def settle(self, hits: Mapping[str, Entry], outcomes: "Sequence[Outcome]") -> Report:
        """Write, unless only checking; remember; report."""
        wanted = {outcome.name: outcome.files for outcome in outcomes if outcome.files or outcome.name != REPOSITORY}
        strangers = self._list_strangers({**hits, **wanted})
        reports = [EnvironmentReport(name, unchanged=len(entry.files), cached=True) for name, entry in hits.items()]
        if outcomes or strangers:
            reports += self._write(outcomes, wanted, strangers)
        findings = [finding for outcome in outcomes for finding in outcome.findings]
        findings += [Finding(*fields) for entry in hits.values() for fields in entry.payload]
        return Report(tuple(sorted(reports)), tuple(sorted(findings)), wanted)

    def _write(
        self, outcomes: "Sequence[Outcome]", wanted: Mapping[str, Mapping[str, bytes]], strangers: Sequence[str]
    ) -> list[EnvironmentReport]:
        from hftgen.tree.changes import compare
        from hftgen.tree.transaction import apply

        changes = compare(self._request.output, wanted, strangers)
        if not self._request.check:
            stamps = apply(self._request.output, changes, wanted)
            # Read once more: an entry must not name templates other than those that were rendered.
            if read_common(self._request) == self._common:
                self._remember(outcomes, stamps)
        seconds = {outcome.name: outcome.seconds for outcome in outcomes}
        return [_report(name, folder, seconds.get(name, 0.0)) for name, folder in changes.folders.items()]

    def _remember(self, outcomes: "Sequence[Outcome]", stamps: "Stamps") -> None:
        if not self._request.environments:
            self._cache.remember("environments", self._specs, self._names)
        for outcome in outcomes:
            if outcome.name == REPOSITORY and outcome.findings and not outcome.files:
                continue  # what is found must be told again, and there is no entry to keep it in
            if outcome.name == REPOSITORY and not outcome.files:
                inputs = {name: digest(data) for name, data in outcome.read.items()}
                self._cache.remember("nothing together", self._common.digest, inputs)
                continue
            self._cache.save(
                outcome.name,
                self._common.digest,
                inputs=outcome.read,
                files=outcome.files,
                stamps=stamps[outcome.name],
                payload=outcome.findings,
            )

    def _list_strangers(self, known: Iterable[str]) -> list[str]:
        """The folders that go; none where environments were named. `known` may hold the folder of all together."""
        if self._request.environments:
            return []
        return list_strangers(self._request.output, {*self._names, *known})

    def _list_names(self) -> tuple[str, ...]:
        """The environments that were asked for, or all, sorted; raises InputError for those that no spec has."""
        asked = sorted(set(self._request.environments))
        known = self._cache.recall("environments", self._specs)
        if known is not None and set(asked) <= set(known):
            return tuple(asked or known)
        from hftgen.compilation import list_environments

        return list_environments(self._request.specs, asked)


def refuse_folders(request: Request, root: str, others: "Iterable[tuple[str, Path]]" = ()) -> None:
    """A typo in a folder's name must not look like an empty folder, nor a link in the repository like its files.

    `others` are folders by their options that belong to no repository.
    """
    folders = [("--specs", request.specs), *(("--templates", folder) for folder in request.templates)]
    folders += [("--policies", folder) for folder in request.policies]
    refused = [(option, folder, _refuse_link(os.path.abspath(folder), root)) for option, folder in folders]
    problems = [
        Problem(os.fspath(folder), 0, 0, "", message, hint=f"name the folder itself with {option}")
        for option, folder, link in [*refused, *((option, folder, "") for option, folder in others)]
        if (message := link if os.path.isdir(folder) else "there is no such folder")
    ]
    if problems:
        raise InputError(problems)


def _refuse_link(folder: str, root: str) -> str:
    inside = folder.startswith(root.rstrip(os.sep) + os.sep)
    if inside and os.path.realpath(folder) != os.path.join(os.path.realpath(root), os.path.relpath(folder, root)):
        return "a link in the repository, which is not followed"
    return ""


def read_common(request: Request) -> Common:
    """Everything besides the specs that a byte of the output, or a finding, may depend on."""
    files = [*describe_installation(), ("as of", str(request.as_of).encode()), ("tables", _list_tables(request.specs))]
    shares = False
    for number, folder in enumerate([*request.templates, *request.policies]):
        for path, content in read_tree(folder):
            files.append((f"{number}/{path}", content))
            shares = shares or (number < len(request.templates) and path.startswith(f"{REPOSITORY}/"))
    return Common(fingerprint(files), shares)


def _list_tables(specs: "Path") -> bytes:
    """Which tables the repository may have of its own: one that comes is read by no render before it.

    Their contents are among what each environment read. Whatever else a folder named data holds is not ours to read.
    """
    folder = os.path.join(os.path.dirname(os.path.abspath(specs)), "data")
    names = os.listdir(folder) if os.path.isdir(folder) else []
    return "\n".join(sorted(name for name in names if name.endswith(".yaml"))).encode("utf-8", "surrogateescape")


def _read_specs(specs: "Path") -> list[tuple[str, bytes]]:
    """What decides which environments there are."""
    files: list[tuple[str, bytes]] = []
    for name in sorted(os.listdir(specs)):
        path = os.path.join(specs, name)
        if name.endswith((".yaml", ".yml")) and os.path.isfile(path) and os.path.getsize(path) <= MAX_SPEC:
            files.append((name, read_file(path, follow=True)))
    return files


def _report(name: str, folder: "FolderChanges", seconds: float) -> EnvironmentReport:
    unchanged = len(folder.unchanged)
    return EnvironmentReport(name, folder.added, folder.changed, folder.removed, unchanged, seconds, folder.gone)


def _refuse_blocked(findings: Iterable[Finding]) -> None:
    blocking = [finding for finding in findings if finding.severity == "blocking" and not finding.dated]
    if blocking:
        raise BlockedError(sorted(blocking))
