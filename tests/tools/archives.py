"""Outside tools of other package registries, got by clients that the Python environment of tools carries.

Node's lock file holds a hash for each package, and npm refuses what differs; jars.tsv holds one for each Java archive.
"""

import hashlib
import os
import shutil
from pathlib import Path
from typing import NamedTuple

from tests.tools import pins
from tests.tools.process import run
from tests.tools.toolchain import ToolError

NODE = pins.HOME / "node"
JARS = pins.HOME / "jars"
MANIFESTS = tuple(pins.FOLDER / "node" / name for name in ("package.json", "package-lock.json"))
_JARS_LOCK = pins.FOLDER / "jars.tsv"


class Jar(NamedTuple):
    """A Java archive: Maven's coordinates, and the SHA-256 of its bytes."""

    coordinates: str
    sha256: str

    @property
    def name(self) -> str:
        """The file's name."""
        _, artifact, version = self.coordinates.split(":")
        return f"{artifact}-{version}.jar"


def list_jars() -> tuple[Jar, ...]:
    """The archives of jars.tsv."""
    lines = _JARS_LOCK.read_text(encoding="utf-8").splitlines()
    return tuple(Jar(*line.split("\t")) for line in lines if line and not line.startswith("#"))


def stamp_node() -> str:
    """Changes whenever Node's packages must be installed anew."""
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in MANIFESTS)).hexdigest()


def stamp_jars() -> str:
    """Changes whenever the archives must be fetched anew."""
    return hashlib.sha256(_JARS_LOCK.read_bytes()).hexdigest()


def install_node(target: Path) -> None:
    """Node's packages, as the lock file has them; no script of theirs is run."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for file in MANIFESTS:
        shutil.copy(file, target)
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", f"--cache={target}/.cache"]
    done = run([pins.PYTHON / "bin" / "npm", "ci", *options], cwd=target, env=environment())
    if done.code:
        raise ToolError(done.both())
    shutil.rmtree(target / ".cache", ignore_errors=True)


def install_jars(target: Path) -> None:
    """The archives, each held against its hash."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for jar in list_jars():
        done = run([pins.PYTHON / "bin" / "maven-artifact", jar.coordinates, target / jar.name], cwd=target)
        found = target / jar.name
        if done.code or not found.exists():
            raise ToolError(done.both())
        if (digest := hashlib.sha256(found.read_bytes()).hexdigest()) != jar.sha256:
            message = f"{jar.coordinates} has the hash {digest}, jars.tsv says {jar.sha256}"
            raise ToolError(message)


def environment() -> dict[str, str]:
    """A PATH on which Node of the tools stands first."""
    return {"PATH": os.pathsep.join([str(pins.PYTHON / "bin"), os.environ["PATH"]])}
