"""A machine made of files: what the kernel of a host that is as told would show below /proc and /sys."""

from pathlib import Path
from typing import Any

PAGES = {"1Gi": 1048576, "2Mi": 2048}


def show(root: Path, node: dict[str, Any]) -> Path:
    """Writes the files of a machine that is what `node` says; returns `root`."""
    for name, text in list_files(node).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"{text}\n", encoding="utf-8")
    return root


def list_files(node: dict[str, Any]) -> dict[str, str]:
    """Each file's text by its path below the root."""
    cpus = node["cpus"]
    asked = any(each.startswith("isolcpus=") for each in node["kernel_arguments"])
    files = {
        "proc/cmdline": f"BOOT_IMAGE=/vmlinuz root=/dev/sda1 {' '.join(node['kernel_arguments'])} quiet",
        "proc/1/status": f"Name:\tsystemd\nCpus_allowed_list:\t{cpus['reserved']}",
        "sys/devices/system/cpu/online": f"0-{cpus['total'] - 1}",
        "sys/devices/system/cpu/isolated": cpus["isolated"] if asked else "",
        "sys/devices/system/cpu/nohz_full": cpus["isolated"] or "(null)",
        "sys/devices/system/cpu/cpufreq/policy0/scaling_governor": "performance",
        "sys/kernel/mm/transparent_hugepage/enabled": "always madvise [never]",
    }
    for number, cpulist in enumerate(cpus["numa"]):
        files[f"sys/devices/system/node/node{number}/cpulist"] = cpulist
    for size, counts in node["hugepages"].items():
        for number, count in enumerate(counts):
            folder = f"sys/devices/system/node/node{number}/hugepages/hugepages-{PAGES[size]}kB"
            files[f"{folder}/nr_hugepages"] = str(count)
    for name, value in node["sysctls"].items():
        files[f"proc/sys/{name.replace('.', '/')}"] = value
    return files
