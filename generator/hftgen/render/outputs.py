"""The outputs of one environment, or of the repository: templates with their brackets filled in."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

from hftgen.errors import InputError, Problem
from hftgen.render import outputpath
from hftgen.render.templates import ARGUMENTS, Guard, Kind, Template, TemplateSet

INNER = ARGUMENTS[1:]
_VALUE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


class Scope(NamedTuple):
    """What templates are rendered for: an environment, or the repository.

    `subject` names it in messages (`environment production`), `spec` in headers (`specs/production.yaml`). `data` holds
    the key `env`, or where `once` is true `envs`, `targets`, `presets` and `services`; `text` is the data as JSON, its
    keys sorted.
    """

    subject: str
    spec: str
    data: dict[str, Any]
    text: str
    once: bool


class Argument(NamedTuple):
    """A template's argument: its name, and where in Scope.data its value lies."""

    name: str
    path: tuple[str, ...]


class Call(NamedTuple):
    """A template or guard with its arguments in their order; `source` is its file below templates/."""

    source: str
    label: str
    arguments: tuple[Argument, ...]


class Output(NamedTuple):
    """One file to be: its path, the template's call, the calls of its guards, and what messages say it is for."""

    path: str
    kind: Kind
    call: Call
    guards: tuple[Call, ...]
    subject: str
    origin: int

    @property
    def label(self) -> str:
        """The template's file."""
        return self.call.label


def for_environment(name: str, context: dict[str, Any]) -> Scope:
    """The scope of one environment."""
    return _make_scope(f"environment {name}", f"specs/{name}.yaml", {"env": context}, once=False)


def for_repository(contexts: Mapping[str, dict[str, Any]]) -> Scope:
    """The scope of what belongs to all environments.

    A `[service]` below repository/ is each service that any environment has. What its templates get beside `envs` is
    `{name, environments: {environment: that environment's service}}`, of those environments that have it. `[target]`
    and `[preset]` are those of the build that speaks for all (facts/builds.py).
    """
    services: dict[str, Any] = {}
    for environment, context in sorted(contexts.items()):
        for name, service in (context.get("services") or {}).items():
            service_of = services.setdefault(name, {"name": name, "environments": {}})
            service_of["environments"][environment] = service
    data = {"envs": dict(contexts), "services": services, **_list_presets(contexts)}
    return _make_scope("repository", "specs/", data, once=True)


def _list_presets(contexts: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    speaking = [context["build"] for context in contexts.values() if "build" in context.get("speaksFor", ())]
    targets = {name: target for build in speaking for name, target in build["targets"].items()}
    return {"targets": targets, "presets": {row["preset"]: row for build in speaking for row in build["matrix"]}}


def _make_scope(subject: str, spec: str, data: dict[str, Any], *, once: bool) -> Scope:
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return Scope(subject, spec, data, text, once)


def expand(templates: TemplateSet, scope: Scope) -> list[Output]:
    """Every output of the scope, sorted by path. Raises InputError where two claim one path or a name cannot be one."""
    problems: list[Problem] = []
    claims: list[Output] = []
    for template in templates.templates:
        if template.once is scope.once:
            claims += [_fill(template, binding, scope) for binding in _bindings(template.brackets, scope)]
    for claim in claims:
        reason = outputpath.refuse(claim.path)
        problems += [Problem(claim.label, 0, 0, "", reason, subject=claim.subject)] if reason else []
    kept, conflicts = outputpath.settle(claims)
    problems += [problem._replace(subject=scope.subject) for problem in conflicts]
    if problems:
        raise InputError(problems)
    return kept


def find(data: Any, path: tuple[str, ...]) -> Any:
    """The value at the path."""
    for key in path:
        data = data[key]
    return data


def _fill(template: Template, binding: dict[str, str], scope: Scope) -> Output:
    path = template.path
    for name, value in binding.items():
        path = path.replace(f"[{name}]", value)
    call = Call(template.source, template.label, _arguments(template.brackets, binding, once=scope.once))
    guards = tuple(_guard(guard, binding, once=scope.once) for guard in template.guards)
    named = [f"{name} {binding[name]}" for name in ARGUMENTS if name in binding]
    return Output(path, template.kind, call, guards, ", ".join([scope.subject, *named]), template.origin)


def _guard(guard: Guard, binding: dict[str, str], *, once: bool) -> Call:
    return Call(guard.source, guard.label, _arguments(guard.brackets, binding, once=once))


def _arguments(brackets: tuple[str, ...], binding: dict[str, str], *, once: bool) -> tuple[Argument, ...]:
    """`env`, then what ARGUMENTS lists, as far as the brackets name it."""
    home: tuple[str, ...] = () if once else ("env",)
    arguments = [Argument("envs" if once else "env", ("envs",) if once else home)]
    if "cluster" in brackets:
        home = (*home, "clusters", binding["cluster"])
        arguments.append(Argument("cluster", home))
    inner = [name for name in INNER if name in brackets]
    arguments += [Argument(name, (*home, f"{name}s", binding[name])) for name in inner]
    return tuple(arguments)


def _bindings(brackets: tuple[str, ...], scope: Scope) -> Iterator[dict[str, str]]:
    """Every way to fill the brackets, in sorted order."""
    home = scope.data if scope.once else scope.data["env"]
    for project in _projects(scope) if "project" in brackets else (None,):
        for cluster in _names(home, "clusters") if "cluster" in brackets else (None,):
            holder = home["clusters"][cluster] if cluster else home
            inner = [name for name in INNER if name in brackets]
            for found in product(*(_names(holder, f"{name}s") for name in inner)):
                values = (("project", project), ("cluster", cluster), *zip(inner, found, strict=True))
                yield {name: value for name, value in values if value is not None}


def _projects(scope: Scope) -> list[str]:
    contexts = scope.data["envs"].values() if scope.once else [scope.data["env"]]
    return [_checked(name) for name in sorted({context["project"] for context in contexts})]


def _names(holder: dict[str, Any], section: str) -> list[str]:
    return [_checked(name) for name in sorted(holder.get(section) or {})]


def _checked(name: str) -> str:
    """The name, which becomes part of a path. The spec's rules are stricter; this is the last gate."""
    if not _VALUE.fullmatch(name) or ".." in name:
        raise InputError([Problem("", 0, 0, "", f"the name {name!r} cannot be part of a file's name")])
    return name
