"""Plays the add-ons that no test starts, so that what they would make ready becomes ready.

Volumes for claims of a storage class that there is; addresses for load balancers and Ingresses; Secrets for
ExternalSecrets whose store there is; Ready for stores and certificates; for autoscaled pods the CPU that they use.
"""

import base64
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.e2e.cluster import usage
from tests.e2e.cluster.client import Client, Manifest, RefusedError

SECRETS = "external-secrets.io/v1"
_STORES = ("SecretStore", "ClusterSecretStore")
_PAUSE_SECONDS = 0.5

# So busy that autoscalers ask for their maximum: everything is played in a cluster that is as full as it may become.
BUSY = 0.95


@contextmanager
def play(client: Client) -> Iterator[list[str]]:
    """Plays them for as long as the block lasts; gives the complaints that they had, the last of each kind."""
    over, complaints = threading.Event(), list[str]()
    thread = threading.Thread(target=_go_round, args=(client, over, complaints), daemon=True)
    thread.start()
    try:
        yield complaints
    finally:
        over.set()
        thread.join()


def _go_round(client: Client, over: threading.Event, complaints: list[str]) -> None:
    tasks: tuple[Callable[[Client], None], ...] = (
        _bind_claims,
        _give_addresses,
        _make_secrets,
        _report_ready,
        _report_usage,
    )
    while not over.wait(_PAUSE_SECONDS):
        for task in tasks:
            try:
                task(client)
            except (RefusedError, OSError) as error:  # an object changed or went meanwhile: the next round sees it anew
                complaints.append(f"{task.__name__}: {error}")


def _bind_claims(client: Client) -> None:
    """A volume for each claim of a storage class that there is, as its provisioner would make it."""
    classes = {one["metadata"]["name"] for one in client.objects("storage.k8s.io/v1", "StorageClass")}
    for claim in client.objects("v1", "PersistentVolumeClaim"):
        waits = claim.get("status", {}).get("phase") == "Pending" and not claim["spec"].get("volumeName")
        if waits and claim["spec"].get("storageClassName") in classes:
            client.create(_describe_volume(claim))


def _describe_volume(claim: Manifest) -> Manifest:
    metadata, spec = claim["metadata"], claim["spec"]
    owner = {key: metadata[key] for key in ("namespace", "name", "uid")}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": f"pvc-{metadata['uid']}"},
        "spec": {
            "capacity": spec["resources"]["requests"],
            "accessModes": spec["accessModes"],
            "storageClassName": spec["storageClassName"],
            "persistentVolumeReclaimPolicy": "Retain",
            "claimRef": {"apiVersion": "v1", "kind": "PersistentVolumeClaim", **owner},
            "csi": {"driver": "play.example.com", "volumeHandle": metadata["uid"]},
        },
    }


def _give_addresses(client: Client) -> None:
    for version, kind in (("v1", "Service"), ("networking.k8s.io/v1", "Ingress")):
        for one in client.objects(version, kind):
            balances = kind == "Ingress" or one["spec"].get("type") == "LoadBalancer"
            if balances and not one.get("status", {}).get("loadBalancer", {}).get("ingress"):
                address = {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}
                client.patch(one, {"status": address}, part="status")


def _make_secrets(client: Client) -> None:
    """What the External Secrets Operator does: no store, no Secret."""
    stores = {(one["kind"], one["metadata"].get("namespace", ""), one["metadata"]["name"]) for one in _stores(client)}
    for wanted in client.objects(SECRETS, "ExternalSecret"):
        metadata, store = wanted["metadata"], wanted["spec"]["secretStoreRef"]
        kind = store.get("kind", "SecretStore")
        place = metadata["namespace"] if kind == "SecretStore" else ""
        if (kind, place, store["name"]) in stores and not _is_ready(wanted):
            client.apply(_describe_secret(wanted), "external-secrets")
            _report(client, wanted)


def _stores(client: Client) -> Iterator[Manifest]:
    for kind in _STORES:
        yield from client.objects(SECRETS, kind)


def _describe_secret(wanted: Manifest) -> Manifest:
    spec, metadata = wanted["spec"], wanted["metadata"]
    target = spec.get("target", {})
    shaped = target.get("template", {}).get("data", {})
    keys = list(shaped) or [item["secretKey"] for item in spec.get("data", [])]
    owner = {key: wanted[key] for key in ("apiVersion", "kind")} | {key: metadata[key] for key in ("name", "uid")}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": target.get("template", {}).get("type", "Opaque"),
        "metadata": {
            "name": target.get("name", metadata["name"]),
            "namespace": metadata["namespace"],
            "ownerReferences": [{**owner, "controller": True}],
        },
        "data": {key: base64.b64encode(b"of the play").decode() for key in keys},
    }


def _report_ready(client: Client) -> None:
    kinds = [(SECRETS, kind) for kind in _STORES] + [("cert-manager.io/v1", "Certificate")]
    for version, kind in kinds:
        for one in client.objects(version, kind):
            if not _is_ready(one):
                _report(client, one)


def _report_usage(client: Client) -> None:
    usage.report(client, BUSY)


def _is_ready(manifest: Manifest) -> bool:
    conditions = manifest.get("status", {}).get("conditions", [])
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _report(client: Client, manifest: Manifest) -> None:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    ready = {"type": "Ready", "status": "True", "reason": "Play", "message": "as played", "lastTransitionTime": now}
    client.patch(manifest, {"status": {"conditions": [ready]}}, part="status")
