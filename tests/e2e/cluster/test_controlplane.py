"""The control plane is a real one, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.cluster.controlplane import ControlPlane
from tests.tools import checkout, pins

pytestmark = pytest.mark.cluster

_STARTER = """
import sys, time
from pathlib import Path
from tests.e2e.cluster.controlplane import ControlPlane

ControlPlane(Path(sys.argv[1])).start()
print("started", flush=True)
time.sleep(600)
"""


def test_the_server_is_the_pinned_one(api: ControlPlane) -> None:
    """Client and server have the version of tests/tools, and every pinned CustomResourceDefinition is served."""
    (version,) = {tool.version for tool in pins.go_tools() if tool.name in ("kubectl", "kube-apiserver")}
    said = json.loads(api.insist("version", "--output", "json"))
    assert {said["clientVersion"]["gitVersion"], said["serverVersion"]["gitVersion"]} == {version}
    wanted = sum(file.read_text(encoding="utf-8").count("\nkind: CustomResourceDef") for file in pins.CRDS.iterdir())
    assert len(api.insist("get", "crd", "--output", "name").splitlines()) == wanted > 0


def test_who_may_do_nothing_does_nothing(api: ControlPlane) -> None:
    """RBAC is on: a user without a role is refused."""
    assert "cannot list resource" in api.kubectl("--as", "nobody", "get", "secrets").err


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=lambda how: str(how.name))
def test_nothing_outlives_its_starter(tmp_path: Path, how: signal.Signals) -> None:
    """Whatever ends the process that started a control plane ends all of its programs within seconds."""
    starter = subprocess.Popen(
        [sys.executable, "-c", _STARTER, tmp_path], cwd=checkout.REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    with starter:
        assert starter.stdout
        assert starter.stdout.readline() == "started\n"
        assert _programs(tmp_path) == ["etcd", "kube-apiserver"]
        starter.send_signal(how)
    end = time.monotonic() + 20
    while _programs(tmp_path) and time.monotonic() < end:
        time.sleep(0.1)
    assert _programs(tmp_path) == []


def test_a_supervisor_takes_its_program_along(tmp_path: Path) -> None:
    """A supervisor that is killed itself leaves no program either."""
    with ControlPlane(tmp_path) as plane:
        plane.start()
        for process in _processes(tmp_path, "supervisor.py"):
            os.kill(process, signal.SIGKILL)
        end = time.monotonic() + 20
        while _programs(tmp_path) and time.monotonic() < end:
            time.sleep(0.1)
        assert _programs(tmp_path) == []


def _programs(folder: Path) -> list[str]:
    """The programs that run with arguments below a folder."""
    return sorted(name for name in ("etcd", "kube-apiserver") if _processes(folder, str(pins.BIN / name), first=True))


def _processes(folder: Path, word: str, *, first: bool = False) -> list[int]:
    """The processes whose command line names the folder and the word; `first` as the program itself."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().decode(errors="replace").split("\0")
        except OSError:  # it ended meanwhile
            continue
        named = words[0] == word if first else any(word in one for one in words)
        if named and any(str(folder) in one for one in words):
            found.append(int(entry.parent.name))
    return found
