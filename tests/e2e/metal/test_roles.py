"""What the roles do when something goes wrong, and what they leave alone on a host that lives."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tools import ansible
from tests.tools.process import Done

pytestmark = pytest.mark.delivery

TOKEN = "abcdef.0123456789abcdef"
KUBEADM = f"""#!/bin/sh
case $1 in
  token) echo {TOKEN} ;;
  *)
    cat > /dev/null
    echo "[preflight] swap is on; token {TOKEN}, key {"0" * 64}" >&2
    exit 1 ;;
esac
"""


def _read(folder: Path, name: str) -> list[dict[str, Any]]:
    tasks: list[dict[str, Any]] = yaml.safe_load((folder / "kubernetes" / "roles" / name).read_text(encoding="utf-8"))
    return tasks


def _play(folder: Path, home: Path, host: str, tasks: str, facts: dict[str, Any]) -> Done:
    """One host of the inventory, for which this machine stands, plays tasks; programs of the test's come first."""
    play = folder / "kubernetes" / f"{home.name}.yaml"
    environment = f'{{PATH: "{home}/bin:/usr/bin:/bin"}}'
    text = f"- hosts: {host}\n  environment: {environment}\n  gather_facts: false\n  tasks:\n{tasks}"
    play.write_text(text, encoding="utf-8")
    try:
        return ansible.play(folder, play, "--extra-vars", json.dumps({**ansible.LOCAL, **facts}), home=home)
    finally:
        play.unlink()


def _write_programs(home: Path, **programs: str) -> None:
    (home / "bin").mkdir()
    for name, text in programs.items():
        (home / "bin" / name).write_text(text, encoding="utf-8")
        (home / "bin" / name).chmod(0o755)


def test_what_stops_kubeadm_is_said_without_tokens(folder: Path, tmp_path: Path) -> None:
    """Its words are hidden while it runs; a play that only says so helps nobody."""
    _write_programs(tmp_path, kubeadm=KUBEADM)
    task = "    - ansible.builtin.include_role: {name: kubeadm, tasks_from: initialise.yaml}\n"
    done = _play(folder, tmp_path, "ny4-cp-1", task, {"kubeadm_admin": str(tmp_path / "admin.conf")})
    assert done.code != 0
    assert "[preflight] swap is on; token ..., key ..." in done.out
    assert "kubeadm reset --force on ny4-cp-1" in done.out
    assert TOKEN not in done.both()


def test_a_token_is_taken_back_when_the_join_fails(folder: Path) -> None:
    """It would live on for a quarter of an hour otherwise; what failed is said afterwards."""
    names = [task["name"] for task in _read(folder, "kubeadm/tasks/join.yaml")]
    assert names[-3:] == ["Join", "Take the token back", "Say what stopped it"]


def test_half_a_control_plane_is_refused(folder: Path, tmp_path: Path) -> None:
    """kubeadm writes the file by which a control plane is known before it is one: an interrupted play cannot go on."""
    _write_programs(tmp_path, kubectl="#!/bin/sh\necho 'nodes \"ny4-cp-2\" not found' >&2\nexit 1\n")
    (tmp_path / "admin.conf").touch()
    task = "    - ansible.builtin.include_role: {name: kubeadm, tasks_from: control_plane.yaml}\n"
    facts = {"kubeadm_admin": str(tmp_path / "admin.conf"), "kubeadm_tries": 1}
    done = _play(folder, tmp_path, "ny4-cp-2", task, facts)
    assert done.code != 0
    assert "its node is not found: nodes" in done.out
    assert "kubeadm reset --force on it" in done.out


def test_nothing_is_upgraded_before_the_host_is_out(folder: Path) -> None:
    """The API server of a control plane is not to be replaced in a session: who is asked first is the freeze."""
    for role in ("kubeadm", "k3s"):
        first = _read(folder, f"{role}/tasks/upgrade_node.yaml")[0]
        assert first["ansible.builtin.include_role"] == {"name": "drain"}
        last = _read(folder, f"{role}/tasks/upgrade.yaml")[-1]
        assert last["ansible.builtin.include_role"] == {"name": "drain", "tasks_from": "restore"}
        assert "when" not in last, "an interrupted upgrade would never be given back"


def test_installing_again_changes_no_living_host(folder: Path) -> None:
    """containerd changes where the host is drained; a kubelet's settings where its state is forgotten (tune.yaml)."""
    programs = _read(folder, "kubeadm/tasks/programs.yaml")
    guarded = {task["name"]: task.get("when") for task in programs}
    assert guarded["Install it where there is none"] == "not kubeadm_containerd.stat.exists"
    assert "not kubeadm_node_file.stat.exists" in str(guarded["Say what the kubelets of this pool are told"])
    settings = {task["name"]: task.get("when") for task in _read(folder, "k3s/tasks/settings.yaml")}
    assert "not k3s_node_file.stat.exists" in str(settings["Say what the kubelets of this pool are told"])
    upgrade = [task["name"] for task in _read(folder, "kubeadm/tasks/upgrade_node.yaml")]
    assert upgrade.index("Take the host out") < upgrade.index("Upgrade containerd")


@pytest.mark.parametrize("end", ["", "/", "//"], ids=["none", "one", "two"])
def test_a_mirror_may_end_as_it_likes(folder: Path, tmp_path: Path, end: str) -> None:
    """The key lies beside its folders."""
    defaults = yaml.safe_load((folder / "kubernetes/roles/kubeadm/defaults/main.yaml").read_text(encoding="utf-8"))
    play = '    - ansible.builtin.debug: {msg: "{{ said }}Release.key"}\n'
    rack = {"packages": {"kubernetes": f"https://packages.example.com/v1.36/deb{end}"}, "minor": "1.36"}
    done = _play(folder, tmp_path, "ny4-cp-1", play, {"rack": rack, "said": defaults["kubeadm_kubernetes_packages"]})
    assert done.code == 0, done.both()
    assert '"https://packages.example.com/v1.36/deb/Release.key"' in done.out


def test_the_address_is_handed_round_where_the_hosts_is(folder: Path, tmp_path: Path) -> None:
    """Without a word in the spec the default route says nothing: it may be that of the management network."""
    defaults = folder / "kubernetes/roles/kubernetes_endpoint/defaults/main.yaml"
    said = yaml.safe_load(defaults.read_text(encoding="utf-8"))["kubernetes_endpoint_device"]
    cards: dict[str, Any] = {
        "lo": {"device": "lo", "ipv4": {"address": "127.0.0.1"}},
        "eno_1": {"device": "eno-1", "ipv4": {"address": "192.0.2.7"}},
        "bond0_120": {"device": "bond0_120", "ipv4": {"address": "10.60.1.11"}},
        "ens9": {"device": "ens9"},
        "default_ipv4": {"interface": "eno-1"},
        "interfaces": ["lo", "eno-1", "bond0_120", "ens9"],
    }
    play = f"    - ansible.builtin.set_fact: {json.dumps({**cards, 'cacheable': True})}\n"
    play += '    - ansible.builtin.debug: {msg: "by {{ said }}."}\n'
    done = _play(folder, tmp_path, "ny4-cp-1", play, {"said": said})
    assert done.code == 0, done.both()
    assert '"by bond0_120."' in done.out
