"""Who takes a host out gives it back, after an interruption too, and nobody else does; against a played kubectl."""

from pathlib import Path

import pytest
import yaml

from tests.e2e.ansible.conftest import Shop
from tests.tools import ansible, checkout

pytestmark = pytest.mark.delivery

DRAIN = checkout.REPOSITORY / "tests" / "e2e" / "ansible" / "drain.yaml"

# A cluster with one node, whose marks are files; it writes down what it was asked to do.
KUBECTL = r"""#!/bin/sh
cd "$STATE"
shift 2
case $1 in
  get)
    [ "$2" != --raw ] || echo "$3" >> asked
    [ ! -e absent ] || exit 0
    cordoned=false
    [ ! -e cordoned ] || cordoned=true
    printf '{"metadata": {"annotations": {"hftgen.io/taken-out": "%s"}}, ' "$(cat mark 2>/dev/null)"
    printf '"spec": {"unschedulable": %s}}' "$cordoned"
    exit 0 ;;
  annotate)
    case $4 in
      *=*) echo "${4#*=}" > mark ;;
      *) rm -f mark ;;
    esac ;;
  drain) touch cordoned ;;
  uncordon) rm -f cordoned ;;
esac
echo "$1" >> asked
"""

# A node's marks before; for what it is taken out, given back, and both again; what is asked of the cluster, and whether
# it is cordoned then.
STORIES: dict[str, tuple[dict[str, str], list[str], str, bool]] = {
    "tuned": ({}, ["tune", "tune", "", ""], "annotate drain wait uncordon annotate", False),
    "interrupted": ({"cordoned": "", "mark": "tune"}, ["", "tune", "", ""], "wait uncordon annotate", False),
    "of-another-play": ({"cordoned": "", "mark": "upgrade"}, ["", "tune", "", ""], "wait", True),
    "of-a-person": ({"cordoned": ""}, ["upgrade", "upgrade", "", ""], "drain wait", True),
    "untuned-since": (
        {"cordoned": "", "mark": "tune"},
        ["upgrade", "upgrade", "tune", "tune"],
        "drain wait drain wait uncordon annotate",
        False,
    ),
    "with-etcd": ({}, ["tune", "tune", "", ""], "annotate drain wait /readyz uncordon annotate", False),
    "no-node-yet": ({"absent": ""}, ["tune", "tune", "", ""], "", False),
}


def test_who_takes_a_host_out_gives_it_back(metal: Shop, tmp_path: Path) -> None:
    """A play that was stopped half-way does so when it is run again; a node that a person cordoned stays so."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "kubectl").write_text(KUBECTL, encoding="utf-8")
    (programs / "kubectl").chmod(0o755)
    hosts: dict[str, dict[str, object]] = {}
    for name, (marks, steps, _, _) in STORIES.items():
        (tmp_path / name).mkdir()
        for mark, text in marks.items():
            (tmp_path / name / mark).write_text(text, encoding="utf-8")
        hosts[name] = {**ansible.LOCAL, "state": str(tmp_path / name), "steps": steps}
    hosts["with-etcd"]["rack_host"] = {"address": "10.60.1.11"}
    rack = {"kubectl": "kubectl", "endpoint": {"port": 6443}}
    shared = {"programs": str(programs), "cluster": {"name": "ny4"}, "reboots": {"policy": "any"}, "rack": rack}
    planes: dict[str, object] = {"control_plane_ny4": {"hosts": {"with-etcd": {}}}}
    inventory = tmp_path / "inventory.yaml"
    inventory.write_text(
        yaml.safe_dump({"all": {"hosts": hosts, "children": planes, "vars": shared}}), encoding="utf-8"
    )
    done = metal.play(DRAIN, "--inventory", inventory, "--limit", "all,!metal")
    assert done.code == 0, done.both()
    for name, (_, _, asked, cordoned) in STORIES.items():
        file = tmp_path / name / "asked"
        assert (file.read_text(encoding="utf-8").split() if file.exists() else []) == asked.split(), name
        assert (tmp_path / name / "cordoned").exists() == cordoned, name
