"""A Kubernetes client over the Unix socket of `kubectl proxy`: objects are plain values, absence is None."""

import contextlib
import functools
import http.client
import json
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

Manifest = dict[str, Any]

MERGE = "application/merge-patch+json"
APPLY = "application/apply-patch+yaml"
PATIENCE = 30
"""How often a request is made before a server that is too busy counts as refusing it."""


class RefusedError(Exception):
    """The API server refused a request; `code` is the HTTP status."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class Kind(NamedTuple):
    """What the API server calls objects by, and how they are addressed."""

    version: str
    kind: str
    plural: str
    namespaced: bool


class Answer(NamedTuple):
    """What the API server said: the HTTP status, the text, and the seconds to wait before asking again."""

    status: int
    text: str
    wait: float


class Client:
    """Reads and writes objects. Each call is a connection of its own, so that threads may share a client."""

    def __init__(self, proxy: Path) -> None:
        self._proxy = proxy
        self._discover = functools.cache(self._list_kinds)

    def find(self, version: str, kind: str) -> Kind | None:
        """A kind, or None where the cluster has no such."""
        return next((one for one in self._discover(version) if one.kind == kind), None)

    def prefer(self, group: str, kind: str) -> Kind | None:
        """A kind of a group at the version that the group prefers."""
        if not group:
            return self.find("v1", kind)
        known = self.request("GET", f"/apis/{group}")
        return self.find(known["preferredVersion"]["groupVersion"], kind) if known else None

    def get(self, version: str, kind: str, name: str, namespace: str = "") -> Manifest | None:
        """One object."""
        found: Manifest | None = self.request("GET", self._path(self._need(version, kind), namespace, name))
        return found

    def objects(self, version: str, kind: str, namespace: str = "", **query: str) -> list[Manifest]:
        """All objects of a kind, in one namespace or in all."""
        answer = self.request("GET", self._path(self._need(version, kind), namespace), query=query)
        return [{"apiVersion": version, "kind": kind, **item} for item in answer["items"]]

    def apply(self, manifest: Manifest, manager: str, *, dry_run: bool = False) -> Manifest:
        """Server-side apply with strict validation; what others own is taken."""
        query = {"fieldManager": manager, "force": "true", "fieldValidation": "Strict"}
        query |= {"dryRun": "All"} if dry_run else {}
        return self._must("PATCH", self.path_of(manifest), manifest, APPLY, query)

    def patch(self, manifest: Manifest, change: Manifest, *, part: str = "") -> Manifest:
        """A merge patch of an object, or of its subresource `part`."""
        path = f"{self.path_of(manifest)}/{part}".rstrip("/")
        return self._must("PATCH", path, change, MERGE, {"fieldManager": "play"})

    def create(self, manifest: Manifest) -> None:
        """A new object; one that is there already is left as it is."""
        path = self.path_of(manifest).rpartition("/")[0]
        try:
            self._must("POST", path, manifest, "application/json", {})
        except RefusedError as error:
            if error.code != http.client.CONFLICT:
                raise

    def delete(self, manifest: Manifest, propagation: str = "Foreground") -> None:
        """Away with an object; one that is gone already is no matter."""
        self.request("DELETE", self.path_of(manifest), {"propagationPolicy": propagation})

    def watch(self, manifest: Manifest) -> "Watch":
        """Every change of an object from now on, first its present state."""
        path, _, name = self.path_of(manifest).rpartition("/")
        query = urlencode({"watch": "true", "fieldSelector": f"metadata.name={name}"})
        connection = _UnixConnection(self._proxy, timeout=None)
        connection.request("GET", f"{path}?{query}")
        return Watch(connection)

    def path_of(self, manifest: Manifest) -> str:
        """Where an object lives."""
        metadata = manifest["metadata"]
        kind = self._need(manifest["apiVersion"], manifest["kind"])
        return self._path(kind, metadata.get("namespace", ""), metadata["name"])

    def request(
        self, method: str, path: str, body: Any = None, kind: str = "application/json", query: Mapping[str, str] = {}
    ) -> Any:
        """The answer's JSON; None for what is not there. RefusedError for any other refusal.

        A server that asks for patience gets it, as client-go and so every controller and Argo CD would give it: a new
        CRD's storage answers 429 until its watch cache is filled.
        """
        for _ in range(PATIENCE):
            answer = self._exchange(method, path, body, kind, query)
            if answer.status != http.client.TOO_MANY_REQUESTS:
                break
            time.sleep(answer.wait)
        if answer.status == http.client.NOT_FOUND:
            return None
        if answer.status >= http.client.BAD_REQUEST:
            raise RefusedError(answer.status, _explain(answer.text))
        return json.loads(answer.text)

    def _exchange(self, method: str, path: str, body: Any, kind: str, query: Mapping[str, str]) -> "Answer":
        connection = _UnixConnection(self._proxy)
        try:
            target = f"{path}?{urlencode(query)}" if query else path
            data = None if body is None else json.dumps(body)
            connection.request(method, target, data, {"Content-Type": kind, "Accept": "application/json"})
            answer = connection.getresponse()
            wait = float(answer.headers.get("Retry-After", 1))
            return Answer(answer.status, answer.read().decode(), wait)
        finally:
            connection.close()

    def _must(self, method: str, path: str, body: Any, kind: str, query: Mapping[str, str]) -> Manifest:
        answer: Manifest | None = self.request(method, path, body, kind, query)
        if answer is None:
            raise RefusedError(http.client.NOT_FOUND, path)
        return answer

    def _need(self, version: str, kind: str) -> Kind:
        found = self.find(version, kind)
        if found is None:
            raise RefusedError(http.client.NOT_FOUND, f"no kind {kind} of {version} in this cluster")
        return found

    def _list_kinds(self, version: str) -> tuple[Kind, ...]:
        return tuple(self._read_kinds(version))

    def _read_kinds(self, version: str) -> Iterator[Kind]:
        answer = self.request("GET", _root(version))
        for one in answer["resources"] if answer else ():
            if "/" not in one["name"]:
                yield Kind(version, one["kind"], one["name"], one["namespaced"])

    @staticmethod
    def _path(kind: Kind, namespace: str, name: str = "") -> str:
        place = f"/namespaces/{namespace}" if namespace and kind.namespaced else ""
        return f"{_root(kind.version)}{place}/{kind.plural}" + (f"/{name}" if name else "")


class Watch:
    """The states of an object as they come, until it is ended."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self._connection = connection

    def __iter__(self) -> Iterator[Manifest]:
        try:
            for line in self._connection.getresponse():
                yield json.loads(line)["object"]
        except (OSError, ValueError, http.client.HTTPException):
            return  # ended in the middle of a line
        finally:
            self._connection.close()

    def end(self) -> None:
        """No more states; from another thread."""
        with contextlib.suppress(OSError):
            self._connection.sock.shutdown(socket.SHUT_RDWR)


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a socket in the file system, which nobody else on the machine can reach."""

    def __init__(self, file: Path, timeout: float | None = 30) -> None:
        super().__init__("localhost", timeout=timeout)
        self._file = file

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._file))


def _root(version: str) -> str:
    return f"/apis/{version}" if "/" in version else f"/api/{version}"


def _explain(text: str) -> str:
    try:
        return str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        return text[:500]
