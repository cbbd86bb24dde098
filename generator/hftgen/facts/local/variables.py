"""Variables of containers as Compose reads them: pods' fields have stand-ins, secrets come from the file `.env`.

Compose replaces `${X}` in every value, and takes `$$` for a dollar (compose-spec, interpolation).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping

from hftgen.facts.configuration import EXPANDED, order_variables
from hftgen.facts.secrets import ORDINAL
from hftgen.facts.site import Site
from hftgen.facts.volumes import INDEX_FIELD
from hftgen.spec.container import Container, FromField, FromResource, Secret

# One instance of everything runs here: the first ordinal.
FIRST = "0"

UNKNOWN_ADDRESS = "127.0.0.1"

# What a value may grow to, in characters: variables that double each other would fill the machine.
LONGEST = 32_768


def escape(text: str) -> str:
    """A text that Compose leaves as it is."""
    return text.replace("$", "$$")


def demand(variable: str) -> str:
    """What Compose replaces by a variable of `.env`, and refuses to start without."""
    return f"${{{variable}:?is missing in .env, see .env.example}}"


def name_variable(*parts: str) -> str:
    """A variable of `.env`: the parts in capitals."""
    return re.sub(r"[^A-Z0-9]+", "_", "_".join(parts).upper()).strip("_")


class Vault:
    """The secrets of all containers by the variable that holds them: those of one ref and key share one."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._names: dict[tuple[str, str], str] = {}
        taken: set[str] = set()
        for place in sorted({self._locate(secret) for secret in secrets}):
            name = name_variable(*place)
            if name in taken:  # `a/b-c` and `a-b/c` in capitals
                name = f"{name}_{hashlib.sha256('/'.join(place).encode()).hexdigest()[:6].upper()}"
            taken.add(name)
            self._names[place] = name

    def find(self, secret: Secret) -> str:
        """The variable of a secret."""
        return self._names[self._locate(secret)]

    def find_password(self, store: str) -> str:
        """The variable of a datastore's password: the one that services ask for, where any does."""
        return self._names.get((f"{store}/credentials", "password"), name_variable(store, "credentials", "password"))

    def list_all(self) -> list[str]:
        """All variables, sorted."""
        return sorted(self._names.values())

    @staticmethod
    def _locate(secret: Secret) -> tuple[str, str]:
        return secret.ref.replace(ORDINAL, FIRST), str(secret.key)


def describe_variables(site: Site, name: str, container: Container, vault: Vault) -> dict[str, str]:
    """The environment of a container of service `name`; `$(X)` is replaced as Kubernetes does it in a pod."""
    texts = {str(key): str(value) for key, value in container.config.items() if isinstance(value, str)}
    others = {
        str(key): escape(_stand_in(site, name, container, value))
        for key, value in container.config.items()
        if not isinstance(value, str)
    }
    others |= {
        str(key): demand(vault.find(secret)) for key, secret in container.secrets.items() if secret.mount is None
    }
    values: dict[str, str] = {}
    for key in order_variables(texts, others):
        values[key] = others[key] if key in others else _expand(texts[key], values)
    return dict(sorted(values.items()))


def _expand(text: str, values: Mapping[str, str]) -> str:
    """A text with the values known so far; other names, and values too long to be meant, stay as they are."""
    pieces, last = [], 0
    for match in EXPANDED.finditer(text):
        value = values.get(match[1]) if match[1] else escape("$")
        pieces += [escape(text[last : match.start()]), escape(match[0]) if value is None else value]
        last = match.end()
    expanded = "".join([*pieces, escape(text[last:])])
    return expanded if len(expanded) <= LONGEST else escape(text)


def _stand_in(site: Site, name: str, container: Container, source: FromField | FromResource) -> str:
    """What a field of a pod, or a resource of its container, would be here."""
    if isinstance(source, FromResource):
        return _measure(container, str(source.resource))
    known: Mapping[str, str] = {
        INDEX_FIELD: FIRST,
        "metadata.namespace": site.namespace,
        "spec.nodeName": "localhost",
    }
    return UNKNOWN_ADDRESS if source.field.startswith("status.") else known.get(str(source.field), name)


def _measure(container: Container, resource: str) -> str:
    """A resource as Kubernetes hands it on: whole cores, rounded up, or bytes; 0 where the spec says nothing."""
    kind, _, unit = resource.partition(".")
    amounts = {"cpu": container.cpu, "memory": container.memory}.get(unit)
    side = "limit" if kind == "limits" else "request"
    found = (getattr(amounts, side) or amounts.limit or amounts.request) if amounts is not None else None
    if found is None:
        return "0"
    return str(-(-found.nano // 10**9))
