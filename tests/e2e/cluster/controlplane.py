"""A control plane that a test starts, asks and ends: real programs on loopback, in a folder of their own.

    with ControlPlane(folder) as plane:
        plane.start({"api"})
        plane.kubectl("get", "namespaces")

`api` is etcd and the API server with RBAC, default admission and the CustomResourceDefinitions of crds.tsv. The others
(`controllers`, `scheduler`, `kwok`, `rollouts`) may be added at once or later. Nothing outlives the starter's process.
"""

import shutil
import time
from collections.abc import Callable, Collection
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.e2e.cluster import programs, seed, stages
from tests.e2e.cluster.credentials import make_credentials
from tests.e2e.cluster.ports import find_ports
from tests.tools import pins
from tests.tools.process import Background, Done, run

API, CONTROLLERS, SCHEDULER, KWOK, ROLLOUTS = KINDS = ("api", "controllers", "scheduler", "kwok", "rollouts")
EVERYTHING = frozenset(KINDS)
ROLLOUTS_NAMESPACE = "argo-rollouts"
_PATIENCE = 120.0  # seconds; a busy machine of two cores needs 20 to start everything


class ControlPlane:
    """Programs, credentials and data below `folder`. With `seeded` etcd starts with the CustomResourceDefinitions."""

    def __init__(self, folder: Path, *, seeded: bool = True) -> None:
        self.folder = folder
        self._seeded = seeded
        ports = programs.Ports(*find_ports(len(programs.Ports._fields)))
        self.site = programs.Site(folder, ports, make_credentials(folder))
        self.kubeconfig = self.site.kubeconfig()
        self._running: dict[str, list[Background]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, kinds: Collection[str] = (API,)) -> Self:
        """Start what is asked for and does not run yet, and wait until it is ready. `api` always comes along."""
        if API not in self._running:
            self.wait(self._start_api(), "the API server")
        starters = {
            CONTROLLERS: self._start_controllers,
            SCHEDULER: self._start_scheduler,
            KWOK: self._start_kwok,
            ROLLOUTS: self._start_rollouts,
        }
        missing = [kind for kind in starters if kind in kinds and kind not in self._running]
        for kind, is_ready in [(kind, starters[kind]()) for kind in missing]:
            self.wait(is_ready, kind)
        return self

    def restart(self) -> Self:
        """Begin anew with nothing but the CustomResourceDefinitions: seconds, where taking away needs controllers."""
        self.stop()
        return self.start()

    def kubectl(self, *args: str | Path, stdin: str | None = None) -> Done:
        """kubectl as the administrator. The caller judges the exit code."""
        return run([pins.BIN / "kubectl", "--kubeconfig", self.kubeconfig, *args], stdin=stdin or "", timeout=300)

    def insist(self, *args: str | Path, stdin: str | None = None) -> str:
        """What a kubectl command prints that must succeed."""
        done = self.kubectl(*args, stdin=stdin)
        assert done.code == 0, f"kubectl {' '.join(map(str, args))}\n{done.both()}"
        return done.out

    def wait(self, is_true: Callable[[], bool], what: str, seconds: float = _PATIENCE) -> None:
        """Wait until something holds; RuntimeError when a program ends meanwhile or time is up."""
        end = time.monotonic() + seconds
        while not is_true():
            ended = [one for one in self._programs() if not one.is_running()]
            if ended or time.monotonic() > end:
                logs = [f"{one.name}: {one.last_words()}" for one in ended or self._programs()]
                message = "\n".join([f"{'ended' if ended else 'too late'}, waiting for {what}", *logs])
                raise RuntimeError(message)
            time.sleep(0.1)

    def stop(self, *, keep: bool = False) -> None:
        """Kill what runs, the API server before etcd, and drop the data unless they are to be kept; the logs stay."""
        for kind in reversed(list(self._running)):
            for program in reversed(self._running.pop(kind)):
                program.stop()
        if not keep:
            shutil.rmtree(self.folder / "etcd", ignore_errors=True)

    def _programs(self) -> list[Background]:
        return [one for group in self._running.values() for one in group]

    def _run(self, kind: str, *commands: programs.Command) -> None:
        self._running[kind] = [
            Background(command, self.folder / f"{Path(command[0]).name}.log") for command in commands
        ]

    def _start_api(self) -> Callable[[], bool]:
        if self._seeded:
            shutil.copytree(seed.find_seed(), self.folder / "etcd")
        self._run(API, programs.etcd(self.site), programs.api_server(self.site))
        return lambda: self.site.credentials.authority.exists() and self._says("get", "--raw", "/readyz")

    def _start_controllers(self) -> Callable[[], bool]:
        self._run(CONTROLLERS, programs.controllers(self.site))
        return lambda: self._says("get", "serviceaccount", "default", "--namespace", "default")

    def _start_scheduler(self) -> Callable[[], bool]:
        self._run(SCHEDULER, programs.scheduler(self.site))
        return lambda: self._is_healthy(f"https://127.0.0.1:{self.site.ports.scheduler}", "/healthz")

    def _start_kwok(self) -> Callable[[], bool]:
        config = self.folder / "kwok.yaml"
        config.write_text(stages.make_stages(), encoding="utf-8")
        self._run(KWOK, programs.kwok(self.site, config))
        return lambda: self._is_healthy(f"http://127.0.0.1:{self.site.ports.kwok}", "/healthz")

    def _start_rollouts(self) -> Callable[[], bool]:
        self.kubectl("create", "namespace", ROLLOUTS_NAMESPACE)
        self._run(ROLLOUTS, programs.rollouts(self.site, ROLLOUTS_NAMESPACE))
        return lambda: self._is_healthy(f"http://127.0.0.1:{self.site.ports.rollouts_health}", "/healthz")

    def _says(self, *args: str) -> bool:
        return self.kubectl(*args).code == 0

    def _is_healthy(self, server: str, path: str) -> bool:
        return self._says("--server", server, "--insecure-skip-tls-verify", "get", "--raw", path)
