"""A copy of etcd that holds the CustomResourceDefinitions alone: applying 90 takes half a minute, a copy none."""

import fcntl
import hashlib
import shutil
import tempfile
from pathlib import Path

from tests.tools import pins

_STAMPS = ("etcd", "kube-apiserver", "crds")


def find_seed() -> Path:
    """The folder of the copy; made when it is not there yet. A second process waits for the first."""
    folder = pins.HOME / f"etcd-{_digest()}"
    with (pins.HOME / "etcd.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            for old in pins.HOME.glob("etcd-*"):
                shutil.rmtree(old)
            _make(folder)
    return folder


def _make(target: Path) -> None:
    from tests.e2e.cluster.controlplane import ControlPlane  # it starts from what is made here

    with (
        tempfile.TemporaryDirectory(prefix=".", dir=pins.HOME) as name,
        ControlPlane(Path(name), seeded=False) as plane,
    ):
        plane.start()
        plane.insist("apply", "--server-side", "--force-conflicts", "--filename", pins.CRDS)
        plane.insist("wait", "--for=condition=Established", "--timeout=120s", "crd", "--all")
        plane.stop(keep=True)
        (Path(name) / "etcd").rename(target)


def _digest() -> str:
    stamps = [(pins.STAMPS / name).read_bytes() for name in _STAMPS]
    return hashlib.sha256(b"\0".join(stamps)).hexdigest()[:12]
