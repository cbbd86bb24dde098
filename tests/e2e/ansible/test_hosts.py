"""Ansible's plays against folders of this machine: what hosts are told, and that a host that is otherwise is found."""

import configparser
import json
import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.ansible.conftest import Shop
from tests.e2e.ansible.machine import show
from tests.tools import ansible, checkout
from tests.tools.process import run

pytestmark = pytest.mark.delivery

POOL = "pool_ny4_latency"
TELL = checkout.REPOSITORY / "tests" / "e2e" / "ansible" / "tell.yaml"


@pytest.fixture(scope="module")
def told(metal: Shop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a host that was told everything."""
    root = tmp_path_factory.mktemp("told")
    done = metal.play(TELL, *_localize(root))
    assert done.code == 0, done.both()
    return root


def _localize(root: Path) -> list[str]:
    """Options that make a host of the rendered inventory a folder of this machine."""
    return _choose({**ansible.LOCAL, "host_root": str(root)})


def _choose(variables: dict[str, Any]) -> list[str]:
    return ["--limit", "ny4-lat-1", "--extra-vars", json.dumps(variables)]


@pytest.mark.parametrize("shop", ["metal", "eks"])
def test_the_linter_accepts_everything(shop: str, request: pytest.FixtureRequest) -> None:
    """By its strictest profile, warnings too."""
    chosen: Shop = request.getfixturevalue(shop)
    done = ansible.lint(chosen.folder, home=chosen.home)
    assert done.code == 0, done.both()
    assert "0 failure(s), 0 warning(s)" in done.both()


def test_playbooks_are_understood(metal: Shop) -> None:
    """Every playbook, with the inventory and its variables."""
    for playbook in sorted((metal.folder / "playbooks").glob("*.yaml")):
        done = metal.play(playbook, "--syntax-check")
        assert done.code == 0, done.both()
        assert "[WARNING]" not in done.both()


def test_a_host_is_told_what_the_facts_say(metal: Shop, told: Path) -> None:
    """Each file that a role writes says what the pool's variables say, word for word."""
    node = metal.variables(POOL)["node"]
    grub = (told / "etc/default/grub.d/90-hftgen.cfg").read_text(encoding="utf-8")
    assert f'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX {" ".join(node["kernel_arguments"])}"' in grub
    kubelet = yaml.safe_load((told / "etc/kubernetes/kubelet.conf.d/50-pool.conf").read_text(encoding="utf-8"))
    assert kubelet.pop("apiVersion") == "kubelet.config.k8s.io/v1beta1"
    assert kubelet.pop("kind") == "KubeletConfiguration"
    assert kubelet == node["kubelet"]
    systemd = configparser.ConfigParser()
    systemd.read(told / "etc/systemd/system.conf.d/90-hftgen.conf")
    assert systemd["Manager"]["CPUAffinity"].split() == node["cpus"]["reserved"].split(",")
    parameters = (told / "etc/sysctl.d/90-hftgen.conf").read_text(encoding="utf-8")
    assert dict(re.findall(r"^(\S+) = (.*)$", parameters, re.MULTILINE)) == node["sysctls"]
    assert f"RESERVED={node['cpus']['reserved']}\n" in (told / "etc/hftgen/irq.conf").read_text(encoding="utf-8")
    assert "[ens1f0]" in (told / "etc/hftgen/ptp4l.conf").read_text(encoding="utf-8")
    profiles = [(told / "etc/tuned" / folder / "tuned.conf").read_bytes() for folder in ("hftgen", "profiles/hftgen")]
    assert profiles[0] == profiles[1]
    assert "-C rx-usecs 0 tx-usecs 0" in (told / "etc/hftgen/nic.d/ens1f0.conf").read_text(encoding="utf-8")


def test_every_linuxptp_reads_what_it_is_told(metal: Shop, tmp_path: Path) -> None:
    """Version 3 stops at `clientOnly`, version 4's word for `slaveOnly`: `-s` is both's. A tagged VLAN has a device."""
    cards = {
        "ens9": {"purpose": "timing", "ptp": True, "vlan": 7},
        "ens1f0": {"purpose": "trading", "ptp": True},
        "eno1": {"purpose": "cluster", "ptp": False, "vlan": 60},
    }
    done = metal.play(TELL, *_choose({**ansible.LOCAL, "host_root": str(tmp_path), "interfaces": cards}))
    assert done.code == 0, done.both()
    configuration = (tmp_path / "etc/hftgen/ptp4l.conf").read_text(encoding="utf-8")
    assert re.findall(r"^\[(.*)\]$", configuration, re.MULTILINE) == ["global", "ens1f0", "ens9.7"]
    assert "Only" not in configuration
    service = (tmp_path / "etc/systemd/system/hftgen-ptp4l.service").read_text(encoding="utf-8")
    assert "ExecStart=/usr/sbin/ptp4l -s -f /etc/hftgen/ptp4l.conf\n" in service


def test_grub_reads_what_it_is_told(metal: Shop, told: Path, tmp_path: Path) -> None:
    """As its own program does: the file is shell, and what the system said before stays."""
    script = (
        f'GRUB_CMDLINE_LINUX="root=/dev/sda1"; . {told}/etc/default/grub.d/90-hftgen.cfg; echo "$GRUB_CMDLINE_LINUX"'
    )
    done = run(["/bin/sh", "-euc", script], cwd=tmp_path)
    assert done.out.split() == ["root=/dev/sda1", *metal.variables(POOL)["node"]["kernel_arguments"]]


def test_an_interrupted_play_writes_the_boot_configuration_after_all(metal: Shop, told: Path) -> None:
    """What is said and never was written is found by its age; a handler alone would be lost with its play."""
    role = metal.folder / "roles" / "kernel"
    asked = yaml.safe_load((role / "defaults" / "main.yaml").read_text(encoding="utf-8"))["kernel_boot"]["Debian"]
    assert asked == ["/boot/grub/grub.cfg", "-nt", "/etc/default/grub.d/90-hftgen.cfg"]
    assert (told / asked[-1].removeprefix("/")).exists()
    last = yaml.safe_load((role / "tasks" / "main.yaml").read_text(encoding="utf-8"))[-1]
    assert (last["when"], last["notify"]) == ("not host_root", "Write the boot configuration")


def test_telling_twice_changes_nothing(metal: Shop, told: Path) -> None:
    """A host that was told everything is told nothing."""
    done = metal.play(TELL, *_localize(told))
    assert done.code == 0, done.both()
    assert re.search(r"changed=0 .*failed=0", done.out), done.out


def test_check_mode_writes_nothing(metal: Shop, tmp_path: Path) -> None:
    """The whole play as far as it goes on a machine without packages and services of its own to change."""
    root = tmp_path / "root"
    root.mkdir()
    done = metal.play(TELL, "--check", "--diff", *_localize(root))
    assert done.code == 0, done.both()
    assert list(root.iterdir()) == []


def test_check_mode_of_the_whole_play_reads_the_machine(metal: Shop, tmp_path: Path) -> None:
    """Against this very machine: it is read back and found to be no host of the pool, and nothing is done to it."""
    before = _list_traces()
    variables = {**ansible.LOCAL, "reboots": {"policy": "never"}}
    done = metal.play("playbooks/tune.yaml", "--check", *_choose(variables))
    assert done.code != 0
    assert "the kernel was told:" in done.out
    assert "leave no hours of the week" in done.out
    assert _list_traces() == before


def _list_traces() -> list[str]:
    """Files of ours on the machine itself."""
    folders = [Path("/etc/hftgen"), Path("/etc/sysctl.d"), Path("/etc/default"), Path("/usr/local/sbin")]
    return sorted(str(file) for folder in folders if folder.is_dir() for file in folder.rglob("*hftgen*"))


def _replace(file: str, text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        (root / file).write_text(f"{text}\n", encoding="utf-8")

    return change


def _edit(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        text = (root / file).read_text(encoding="utf-8")
        assert old in text
        (root / file).write_text(text.replace(old, new), encoding="utf-8")

    return change


def _add_numa_node(root: Path) -> None:
    last = max((root / "sys/devices/system/node").iterdir())
    shutil.copytree(last, last.with_name(f"node{int(last.name[4:]) + 1}"))


CPU = "sys/devices/system/cpu"
# What is otherwise on each host, and the words that tell it.
OTHERWISE: dict[str, tuple[Callable[[Path], None], str]] = {
    "argument-missing": (_edit("proc/cmdline", "skew_tick=1 ", ""), "the kernel was told:"),
    "argument-of-a-stranger": (_edit("proc/cmdline", "quiet", "isolcpus=3"), "the pool does not say isolcpus=3"),
    "argument-otherwise": (_edit("proc/cmdline", "hugepages=32", "hugepages=16"), "the kernel was told:"),
    "cpu-offline": (_replace(f"{CPU}/online", "0-61"), "CPUs 0-61 are online"),
    "ticks-everywhere": (_replace(f"{CPU}/nohz_full", "(null)"), "ticks keep off (null)"),
    "isolated-unasked": (_replace(f"{CPU}/isolated", "2-3"), "isolated CPUs are 2-3"),
    "siblings-elsewhere": (_replace("sys/devices/system/node/node0/cpulist", "0-31"), "NUMA node 0 has CPUs 0-31"),
    "numa-node-more": (_add_numa_node, "more NUMA nodes"),
    "services-everywhere": (_replace("proc/1/status", "Cpus_allowed_list:\t0-63"), "services run on CPUs 0-63"),
    "pages-on-one-node": (
        _replace("sys/devices/system/node/node0/hugepages/hugepages-1048576kB/nr_hugepages", "32"),
        "NUMA node 0 has 32 pages of 1Gi",
    ),
    "parameter": (_replace("proc/sys/kernel/numa_balancing", "1"), "kernel.numa_balancing is 1"),
    "transparent-pages": (
        _replace("sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never"),
        "transparent huge pages are [always]",
    ),
    "governor": (_replace(f"{CPU}/cpufreq/policy0/scaling_governor", "powersave"), "is powersave, not performance"),
}


def test_a_host_that_is_otherwise_is_found(metal: Shop, tmp_path: Path) -> None:
    """One host as told passes; each of the others differs in one thing, fails, and is told by it."""
    node: dict[str, Any] = metal.variables(POOL)["node"]
    roots = {name: show(tmp_path / name, node) for name in ("as-told", *OTHERWISE)}
    for name, (change, _) in OTHERWISE.items():
        change(roots[name])
    done = metal.play("playbooks/verify.yaml", "--inventory", metal.roots(POOL, roots), "--forks", "4")
    recap = dict(re.findall(r"^(\S+) +: ok=.* failed=(\d)", done.out, re.MULTILINE))
    assert recap == {"as-told": "0", **dict.fromkeys(OTHERWISE, "1")}, done.out
    for name, (_, words) in OTHERWISE.items():
        told = "".join(re.findall(rf"^(?:fatal|failed): \[{name}\].*$", done.out, re.MULTILINE))
        assert words in told.replace('\\"', '"').replace("\\t", "\t"), (name, told)


def test_a_host_of_a_general_pool_is_as_told(metal: Shop, tmp_path: Path) -> None:
    """Nothing is asked of its kernel, and nothing is missed; only what a stranger isolates is."""
    group = "pool_ny4_general"
    node = metal.variables(group)["node"]
    roots = {name: show(tmp_path / name, node) for name in ("as-told", "isolated")}
    (roots["isolated"] / "sys/devices/system/cpu/isolated").write_text("3\n", encoding="utf-8")
    done = metal.play("playbooks/verify.yaml", "--inventory", metal.roots(group, roots))
    recap = dict(re.findall(r"^(\S+) +: ok=.* failed=(\d)", done.out, re.MULTILINE))
    assert recap == {"as-told": "0", "isolated": "1"}, done.out


MOMENTS = {
    # Minutes since 1970, by a window of Friday 22:00 for 24 hours.
    "2026-11-20T21:59:00Z": False,
    "2026-11-20T22:00:00Z": True,
    "2026-11-21T21:15:00Z": True,
    "2026-11-21T21:16:00Z": False,  # 45 minutes are no longer left
    "2026-11-23T14:30:00Z": False,
    "2026-12-04T23:00:00Z": False,  # an exclusion
    "2028-01-07T23:00:00Z": False,  # nobody knows the sessions of that year
}


def test_no_host_is_taken_out_in_a_freeze(metal: Shop, tmp_path: Path) -> None:
    """The guard admits the hours of the window alone, with time enough left, and no day whose sessions are unknown."""
    reboots = metal.variables("cluster_ny4")["reboots"]
    assert reboots["policy"] == "window"
    windowed = {**reboots, "begins": [5 * 1440 + 22 * 60], "minutes": 1440, "until": "2027-12-31"}
    windowed["exclusions"] = [{"name": "x", "start": "2026-12-04T20:00:00Z", "end": "2026-12-05T03:00:00Z"}]
    hosts = {
        f"at-{number}": {"drain_moment": _count_minutes(moment), **ansible.LOCAL}
        for number, moment in enumerate(MOMENTS)
    }
    inventory = tmp_path / "inventory.yaml"
    shared = {"reboots": windowed, "cluster": {"name": "ny4"}, "drain_minutes": 45}
    inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts, "vars": shared}}), encoding="utf-8")
    done = metal.play(TELL.with_name("guard.yaml"), "--inventory", inventory)
    recap = dict(re.findall(r"^(\S+) +: ok=.* failed=(\d)", done.out, re.MULTILINE))
    assert {f"at-{number}": "0" if passes else "1" for number, passes in enumerate(MOMENTS.values())} == recap, done.out


def _count_minutes(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp()) // 60
