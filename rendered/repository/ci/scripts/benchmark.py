"""Hold benchmark results against those of the default branch (Google Benchmark's JSON).

usage: benchmark.py RESULT BASELINE --threshold 5

Compared is the median of the repetitions of each benchmark; a run of one repetition counts as it is. Exit code 1: one
is slower by more than the threshold, in percent, or is gone. Without a baseline there is nothing to hold against, and
the run passes: the first one on the default branch becomes the baseline.
"""

import argparse
import json
import statistics
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

UNITS = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each benchmark, and judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("result", type=Path)
    parser.add_argument("baseline", type=Path)
    parser.add_argument("--threshold", type=float, required=True, metavar="PERCENT")
    asked = parser.parse_args(arguments)
    now = read_times(asked.result)
    if not now:
        print(f"{asked.result} holds no benchmark")
        return 1
    if not asked.baseline.is_file():
        print(f"no baseline yet; {len(now)} benchmarks recorded")
        return 0
    worse = judge(now, read_times(asked.baseline), asked.threshold)
    for line in worse:
        print(f"REGRESSION {line}")
    return 1 if worse else 0


def read_times(file: Path) -> dict[str, float]:
    """Nanoseconds by benchmark."""
    times: dict[str, list[float]] = defaultdict(list)
    for run in json.loads(file.read_text(encoding="utf-8"))["benchmarks"]:
        if run.get("error_occurred"):
            continue
        # Medians and deviations that the library computes are left to us, so that one repetition is judged alike.
        if run.get("run_type", "iteration") == "iteration":
            times[run["run_name"] if "run_name" in run else run["name"]].append(
                run["real_time"] * UNITS[run.get("time_unit", "ns")]
            )
    return {name: statistics.median(values) for name, values in times.items()}


def judge(now: dict[str, float], before: dict[str, float], threshold: float) -> list[str]:
    """What is slower than it may be, or gone; prints every comparison."""
    worse = [
        f"{name} is gone: take it out of the baseline by merging, or bring it back" for name in before.keys() - now
    ]
    for name in sorted(now.keys() & before.keys()):
        change = (now[name] / before[name] - 1) * 100 if before[name] else 0.0
        line = f"{name}: {before[name]:.1f} ns -> {now[name]:.1f} ns ({change:+.1f}%, {threshold:g}% allowed)"
        print(line)
        if change > threshold:
            worse.append(line)
    return worse


if __name__ == "__main__":
    sys.exit(main())
