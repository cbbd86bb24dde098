"""HFT-X42: pods that the Pod Security Standard of their namespace refuses, as only a patch can make them.

What is rendered without patches meets the standard by construction, and the spec's own exceptions are errors of it. A
patch says anything, and a workload takes it: its pods are refused one by one, long after a sync is done.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hftgen.check.finding import Finding
from hftgen.check.manifests import is_object
from hftgen.render.artifact import Artifact
from hftgen.spec.load import Loaded
from hftgen.spec.rules.pod_security import is_safe

RULE = "HFT-X42"

HOST_NAMESPACES = ("hostNetwork", "hostPID", "hostIPC")
# kubernetes.io, "Pod Security Standards".
BASELINE_CAPABILITIES = frozenset(
    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID "  # noqa: SIM905
    "SYS_CHROOT".split()
)
RESTRICTED_CAPABILITIES = frozenset(("NET_BIND_SERVICE",))
RESTRICTED_VOLUMES = frozenset(
    ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"]
)
PODS: Mapping[str, tuple[str, ...]] = {
    "Deployment": ("spec", "template", "spec"),
    "Rollout": ("spec", "template", "spec"),
    "StatefulSet": ("spec", "template", "spec"),
    "Job": ("spec", "template", "spec"),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}


def find_refused_pods(loaded: Loaded, artifacts: Sequence[Artifact]) -> Iterator[Finding]:
    """One finding for each workload of a patched service whose pods the API server would refuse."""
    security = loaded.environment.security
    patched = {name for services in loaded.services.values() for name, service in services.items() if service.patches}
    if security is None or security.podSecurity == "privileged" or not patched:
        return
    environment, version = str(loaded.environment.environment), str(loaded.environment.kubernetes.version)
    for artifact in artifacts:
        part = artifact.path.split("/")[-2] if artifact.path.startswith("kustomize/") else ""
        for item in artifact.values() if part in patched else ():
            pod = _find_pod(item)
            breaches = sorted(set(list_breaches(pod, security.podSecurity, version)))
            if breaches:
                yield Finding(
                    RULE,
                    "blocking",
                    environment,
                    f"{item['kind']}/{item['metadata']['name']}",
                    f"its pods are refused: Pod Security {security.podSecurity} of the namespace admits no "
                    f"{', no '.join(breaches)}",
                    "take it out of the patches, or say `security: {podSecurity: privileged}` for the environment",
                    *loaded.place(("services", part, "patches")),
                    path=f"{environment}/{artifact.path}",
                )


def _find_pod(item: Any) -> dict[str, Any]:
    """The pod of a workload; empty for every other object."""
    value = item if is_object(item) else {}
    for key in PODS.get(value.get("kind", ""), ()):
        value = _mapping(value, key)
    return value if is_object(item) and item["kind"] in PODS else {}


def list_breaches(pod: Mapping[str, Any], level: str, version: str) -> Iterator[str]:
    """What of a pod a level refuses, in words."""
    if not pod:
        return
    containers = [item for key in ("initContainers", "containers") for item in _list(pod, key)]
    yield from (key for key in HOST_NAMESPACES if pod.get(key) is True)
    yield from ("hostPath volume" for volume in _list(pod, "volumes") if "hostPath" in volume)
    for sysctl in _list(_mapping(pod, "securityContext"), "sysctls"):
        if not is_safe(str(sysctl.get("name")), version):
            yield f"sysctl {sysctl.get('name')}"
    for container in containers:
        yield from _break_baseline(container)
    if level == "restricted":
        yield from _break_restricted(pod, containers)


def _break_baseline(container: Mapping[str, Any]) -> Iterator[str]:
    rights = _mapping(container, "securityContext")
    if rights.get("privileged") is True:
        yield "privileged container"
    yield from (f"capability {name}" for name in _list_added(rights) if name not in BASELINE_CAPABILITIES)
    yield from ("hostPort" for port in _list(container, "ports") if port.get("hostPort"))
    if rights.get("procMount", "Default") != "Default":
        yield f"procMount {rights['procMount']}"


def _break_restricted(pod: Mapping[str, Any], containers: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    whole = _mapping(pod, "securityContext")
    for volume in _list(pod, "volumes"):
        yield from (f"{key} volume" for key in volume if key[0] != "#" and key not in {"name", *RESTRICTED_VOLUMES})
    for container in containers:
        rights = _mapping(container, "securityContext")
        if rights.get("allowPrivilegeEscalation") is not False:
            yield "privilege escalation"
        users = (rights.get("runAsUser"), whole.get("runAsUser"))
        if rights.get("runAsNonRoot", whole.get("runAsNonRoot")) is not True or 0 in users:
            yield "root"
        if "ALL" not in _mapping(rights, "capabilities").get("drop", []):
            yield "capabilities that are not dropped"
        yield from (f"capability {name}" for name in _list_added(rights) if name not in RESTRICTED_CAPABILITIES)
        profile = _mapping(rights, "seccompProfile") or _mapping(whole, "seccompProfile")
        if profile.get("type") not in ("RuntimeDefault", "Localhost"):
            yield "container without a seccomp profile"


def _list_added(rights: Mapping[str, Any]) -> list[str]:
    return [str(name) for name in _mapping(rights, "capabilities").get("add") or []]


def _mapping(value: Mapping[str, Any], key: str) -> dict[str, Any]:
    """A mapping within; empty where a patch left something else, which schemas refuse."""
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _list(value: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    found = value.get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
