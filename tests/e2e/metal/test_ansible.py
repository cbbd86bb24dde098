"""The plays that make hosts a cluster: Ansible's own parser, who does what in which order, what is piped to kubeadm.

That ansible-lint accepts them is tests/e2e/ansible's to say, for the whole folder.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.tools import ansible

pytestmark = pytest.mark.delivery

PLAYS = ("install.yaml", "upgrade.yaml")


@pytest.mark.parametrize("play", PLAYS)
def test_plays_are_read(folder: Path, tmp_path: Path, play: str) -> None:
    """Every role, task file and module that a play names is there."""
    done = ansible.play(folder, f"kubernetes/{play}", "--syntax-check", home=tmp_path)
    assert done.code == 0, done.both()
    assert "[WARNING]" not in done.both()


def test_a_planted_mistake_is_found(folder: Path, tmp_path: Path) -> None:
    """A module that does not exist stops the parser."""
    play = folder / "kubernetes" / "wrong.yaml"
    text = (folder / "kubernetes" / "install.yaml").read_text(encoding="utf-8")
    play.write_text(text.replace("ansible.builtin.include_role", "ansible.builtin.include_rol"), encoding="utf-8")
    try:
        done = ansible.play(folder, play, "--syntax-check", home=tmp_path)
    finally:
        play.unlink()
    assert done.code != 0
    assert "include_rol" in done.both()


def test_standby_clusters_are_upgraded_first(folder: Path, tmp_path: Path) -> None:
    """Plays in their order with their hosts: control planes before workers, a cluster that trades last."""
    done = ansible.play(folder, "kubernetes/upgrade.yaml", "--list-hosts", home=tmp_path)
    assert done.code == 0, done.both()
    plays = [re.findall(r"^      ([-a-z0-9]+)$", play, re.MULTILINE) for play in done.out.split("  play #")[1:]]
    assert [sorted({host[:6] for host in hosts}) for hosts in plays] == [
        ["ch1-ge"],
        ["ch1-la"],
        ["ch1-ge", "ch1-la"],
        ["ny4-cp"],
        ["ny4-ge", "ny4-la"],
        ["ny4-cp", "ny4-ge", "ny4-la"],
    ]


def test_modules_are_ansibles_own(folder: Path) -> None:
    """A control node needs no collection: nothing is fetched before a cluster can be built."""
    texts = [file.read_text(encoding="utf-8") for file in sorted((folder / "kubernetes").rglob("*.yaml"))]
    module = re.compile(r"^\s+([a-z_]+\.[a-z_]+\.[a-z_0-9]+):", re.MULTILINE)
    found = {name for text in texts for name in module.findall(text)}
    assert found
    assert {name for name in found if not name.startswith("ansible.builtin.")} == set()


def test_the_join_is_what_kubeadm_reads(folder: Path, tmp_path: Path, hosts: dict[str, Any]) -> None:
    """What Ansible makes of the task that pipes it has the token and the key, and has lost nothing."""
    text = (folder / "kubernetes/roles/kubeadm/tasks/join.yaml").read_text(encoding="utf-8")
    task = text[text.index("- name: Join\n") : text.index("- name: Take the token back")]
    facts: dict[str, Any] = {"kubeadm_token": {"stdout": "abcdef.0123456789abcdef\n"}}
    facts |= {"kubeadm_as_control_plane": True, **ansible.LOCAL}
    facts["kubeadm_certificates"] = {"stdout_lines": ["[upload-certs] Using certificate key:", "0" * 64]}
    play = f"""
- hosts: ny4-cp-2
  gather_facts: false
  vars: {json.dumps(facts)}
  tasks:
    - ansible.builtin.copy:
        dest: {tmp_path}/told.json
        content: "{{{{ rack_host.join | combine(kubeadm_secrets, recursive=true) | to_json }}}}"
      vars:
{_indent(task[task.index("    kubeadm_key:") : task.index("  no_log")], 4)}
"""
    (tmp_path / "play.yaml").write_text(play, encoding="utf-8")
    done = ansible.play(folder, tmp_path / "play.yaml", home=tmp_path)
    assert done.code == 0, done.both()
    told = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    expected = hosts["ny4-cp-2"]["join"]
    assert told["discovery"]["tlsBootstrapToken"] == "abcdef.0123456789abcdef"
    assert told["controlPlane"] == {**expected["controlPlane"], "certificateKey": "0" * 64}
    assert told["nodeRegistration"] == expected["nodeRegistration"]


def _indent(text: str, spaces: int) -> str:
    return "".join(f"{' ' * spaces}{line}\n" for line in text.splitlines())
