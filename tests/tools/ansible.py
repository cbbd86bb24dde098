"""Ansible and its linter, offline, as the outside tools have them."""

from collections.abc import Mapping
from pathlib import Path

from tests.tools import pins
from tests.tools.process import Done, run

_BIN = pins.PYTHON / "bin"
# This machine stands for the host: no login, no other user, the tools' own Python.
LOCAL = {
    "ansible_connection": "local",
    "ansible_python_interpreter": str(_BIN / "python"),
    "ansible_become": False,
}


def play(folder: Path, playbook: Path | str, *options: str | Path, home: Path) -> Done:
    """A playbook run from a rendered folder `ansible`; `home` keeps what Ansible writes for itself."""
    return run([_BIN / "ansible-playbook", playbook, *options], cwd=folder, env=_world(home, folder / "ansible.cfg"))


def lint(folder: Path, *, home: Path) -> Done:
    """The linter's verdict by its strictest profile."""
    command: list[str | Path] = [
        _BIN / "ansible-lint",
        "--offline",
        "--strict",
        "--nocolor",
        "--profile",
        "production",
        folder,
    ]
    return run(command, cwd=folder, env=_world(home, folder / "ansible.cfg"))


def _world(home: Path, configuration: Path) -> Mapping[str, str]:
    path = f"{_BIN}:/usr/bin:/bin:/usr/sbin:/sbin"
    return {
        "PATH": path,
        "HOME": str(home),
        "ANSIBLE_HOME": str(home),
        "ANSIBLE_CONFIG": str(configuration),
        "ANSIBLE_NOCOLOR": "1",
        "NO_COLOR": "1",
        "LC_ALL": "C.UTF-8",
    }
