"""The small programs that hosts run: interrupts, network cards, their clock; against files and a played ethtool."""

from pathlib import Path

import pytest

from tests.tools import checkout, pins
from tests.tools.process import Done, run

pytestmark = pytest.mark.delivery

ROLES = checkout.REPOSITORY / "templates" / "ansible" / "roles"

# Keeps each setting in a file and prints it as ethtool does; `strange` is a card that knows no coalescing.
ETHTOOL = r"""#!/bin/sh
cd "$STATE"
option=$1 card=$2
shift 2
[ "$card" = strange ] && case $option in -c | -C) exit 1 ;; esac
case $option in
  -c)
    echo "Adaptive RX: $(cat adaptive-rx)  TX: $(cat adaptive-tx)"
    echo "rx-usecs: $(cat rx-usecs)"
    echo "tx-usecs: n/a" ;;
  -k)
    echo "large-receive-offload: $(cat lro)"
    echo "generic-receive-offload: $(cat gro)"
    echo "tcp-segmentation-offload: on [fixed]" ;;
  -g)
    printf 'Pre-set maximums:\nRX:\t\t4096\nTX:\t\t2048\n'
    printf 'Current hardware settings:\nRX:\t\t%s\nTX:\t\t2048\n' "$(cat rx)" ;;
  -a)
    echo "Autonegotiate: off"
    echo "RX: $(cat pause)"
    echo "TX: off" ;;
  -A) echo "$2" > pause ;;
  *) echo "$2" > "$1" ;;
esac
"""
BEFORE = {
    "adaptive-rx": "on",
    "adaptive-tx": "off",
    "rx-usecs": "50",
    "lro": "on",
    "gro": "on",
    "rx": "512",
    "pause": "on",
}
AFTER = {
    "adaptive-rx": "off",
    "adaptive-tx": "off",
    "rx-usecs": "0",
    "lro": "off",
    "gro": "off",
    "rx": "4096",
    "pause": "off",
}
TRADING = [
    "-C adaptive-rx off adaptive-tx off",
    "-C rx-usecs 0 tx-usecs 0",
    "-K lro off gro off",
    "-K tso off gso off",
    "-G rx max tx max",
    "-A rx off tx off",
]


class Card:
    """A network card whose settings are files."""

    def __init__(self, folder: Path) -> None:
        self.state = folder / "state"
        self.state.mkdir()
        for name, value in BEFORE.items():
            (self.state / name).write_text(f"{value}\n", encoding="utf-8")
        (folder / "bin").mkdir()
        (folder / "bin" / "ethtool").write_text(ETHTOOL, encoding="utf-8")
        (folder / "bin" / "ethtool").chmod(0o755)
        (folder / "nic.d").mkdir()
        for name in ("ens1", "strange"):
            (folder / "sys" / "class" / "net" / name).mkdir(parents=True)
        self.folder = folder

    def tell(self, *arguments: str) -> Done:
        """Runs hftgen-nic."""
        world = {
            "PATH": f"{self.folder / 'bin'}:/usr/bin:/bin",
            "STATE": str(self.state),
            "FOLDER": str(self.folder / "nic.d"),
            "SYS": str(self.folder / "sys"),
        }
        return run(["/bin/sh", ROLES / "nic" / "files" / "hftgen-nic", *arguments], env=world)

    def read(self) -> dict[str, str]:
        """The settings as they are."""
        return {name: (self.state / name).read_text(encoding="utf-8").strip() for name in BEFORE}


@pytest.fixture
def card(tmp_path: Path) -> Card:
    """One that nobody has told anything."""
    return Card(tmp_path)


def test_a_card_is_told_and_is_as_told(card: Card) -> None:
    """What it knows is set, what it does not know is left; the check fails before and passes after."""
    (card.folder / "nic.d" / "ens1.conf").write_text("# a comment\n" + "\n".join(TRADING) + "\n", encoding="utf-8")
    checked = card.tell("--check", "ens1")
    assert checked.code == 1
    assert "rx-usecs is 50, and was told to be 0" in checked.err
    assert card.read() == BEFORE
    told = card.tell("ens1")
    assert told.code == 0, told.both()
    assert card.read() == AFTER
    assert card.tell("--check", "ens1").code == 0


@pytest.mark.parametrize("name", sorted(AFTER))
def test_a_setting_that_was_changed_is_found(card: Card, name: str) -> None:
    """Each of them."""
    (card.folder / "nic.d" / "ens1.conf").write_text("\n".join(TRADING) + "\n", encoding="utf-8")
    card.tell("ens1")
    (card.state / name).write_text("on\n" if AFTER[name] == "off" else "7\n", encoding="utf-8")
    assert card.tell("--check", "ens1").code == 1


@pytest.mark.parametrize("option", [(), ("--check",)], ids=["told", "checked"])
def test_a_card_that_is_not_there_is_no_success(card: Card, option: tuple[str, ...]) -> None:
    """One whose name is misspelt in the spec would trade untuned, and verified."""
    (card.folder / "nic.d" / "ens7.conf").write_text("-K gro off\n", encoding="utf-8")
    done = card.tell(*option, "ens7")
    assert done.code == 1
    assert "ens7: there is no such network card" in done.err


def test_a_card_without_a_file_has_its_drivers(card: Card) -> None:
    """And one whose driver has none either is left alone."""
    device = card.folder / "sys" / "class" / "net" / "eth7" / "device"
    device.mkdir(parents=True)
    (device / "driver").symlink_to("../../drivers/ena")
    assert card.tell("eth7").code == 0
    assert card.read() == BEFORE
    (card.folder / "nic.d" / "driver-ena.conf").write_text("-K gro off\n", encoding="utf-8")
    card.tell("eth7")
    assert card.read() == {**BEFORE, "gro": "off"}


def test_a_card_that_knows_no_such_setting_is_told_the_others(card: Card) -> None:
    """A driver without coalescing is no failure."""
    (card.folder / "nic.d" / "strange.conf").write_text("\n".join(TRADING) + "\n", encoding="utf-8")
    assert card.tell("strange").code == 0
    assert card.read() == {**AFTER, "adaptive-rx": "on", "adaptive-tx": "off", "rx-usecs": "50"}


def test_interrupts_go_to_reserved_cpus_near_their_device(tmp_path: Path) -> None:
    """Those of a card to what is reserved on its NUMA node, all others to all that is reserved."""
    for irq in ("1", "40", "41"):
        (tmp_path / "proc" / "irq" / irq).mkdir(parents=True)
        (tmp_path / "proc" / "irq" / irq / "smp_affinity_list").write_text("0-95\n", encoding="utf-8")
    device = tmp_path / "sys" / "class" / "net" / "ens1" / "device"
    for irq in ("40", "41"):
        (device / "msi_irqs" / irq).mkdir(parents=True)
    (device / "local_cpulist").write_text("24-47,72-95\n", encoding="utf-8")
    assert _move(tmp_path, "--check").code == 1
    done = _move(tmp_path)
    assert done.code == 0, done.both()
    assert _move(tmp_path, "--check").code == 0
    found = {file.parent.name: file.read_text(encoding="utf-8").strip() for file in tmp_path.glob("proc/irq/*/*")}
    assert found == {"1": "0-1,24-25,48-49,72", "40": "24,25,72", "41": "24,25,72"}


def _move(folder: Path, *options: str) -> Done:
    world = {
        "PROC": str(folder / "proc"),
        "SYS": str(folder / "sys"),
        "FIXED": str(folder / "fixed"),
        "RESERVED": "0-1,24-25,48-49,72",
    }
    return run(["/bin/sh", ROLES / "affinity" / "files" / "hftgen-irq", *options], env=world)


def test_an_interrupt_on_another_cpu_is_found(tmp_path: Path) -> None:
    """Only a network card's, and only where its driver lets it be moved: a file that is a folder takes nothing."""
    for irq in ("7", "8"):
        (tmp_path / "sys" / "class" / "net" / "ens1" / "device" / "msi_irqs" / irq).mkdir(parents=True)
    moved = tmp_path / "proc" / "irq" / "7" / "smp_affinity_list"
    moved.parent.mkdir(parents=True)
    (tmp_path / "proc" / "irq" / "8" / "smp_affinity_list").mkdir(parents=True)
    (tmp_path / "sys" / "class" / "net" / "ens1" / "device" / "local_cpulist").write_text("0-95\n", encoding="utf-8")
    assert _move(tmp_path).code == 0
    assert (tmp_path / "fixed").read_text(encoding="utf-8").split() == ["8", "8"]
    assert _move(tmp_path, "--check").code == 0
    moved.write_text("0,5\n", encoding="utf-8")
    done = _move(tmp_path, "--check")
    assert done.code == 1
    assert "interrupt 7 of a network card may fire on CPUs 0,5" in done.err


@pytest.mark.parametrize("name", ["ena-ptp-05", "KVM virtual PTP"])
def test_chrony_hears_of_the_cards_clock_where_there_is_one(tmp_path: Path, name: str) -> None:
    """One that is not there would stop chrony, so that yesterday's file goes."""
    clock = tmp_path / "sys" / "class" / "ptp" / "ptp3"
    clock.mkdir(parents=True)
    (clock / "clock_name").write_text(f"{name}\n", encoding="utf-8")
    file = tmp_path / "phc.conf"
    file.write_text("refclock PHC /dev/ptp0\n", encoding="utf-8")
    done = run(
        ["/bin/sh", ROLES / "clock" / "files" / "hftgen-phc"], env={"SYS": str(tmp_path / "sys"), "FILE": str(file)}
    )
    assert done.code == 0, done.both()
    assert file.exists() == name.startswith("ena")
    if file.exists():
        assert "/dev/ptp3" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "program",
    [file for file in sorted(ROLES.glob("*/files/hftgen-*")) if not file.suffix],
    ids=lambda file: str(file.name),
)
def test_the_shell_has_nothing_to_say(program: Path) -> None:
    """shellcheck, every warning."""
    done = run([pins.PYTHON / "bin" / "shellcheck", "--shell", "sh", "--enable", "quote-safe-variables", program])
    assert done.code == 0, done.both()
