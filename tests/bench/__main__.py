"""`python -m tests.bench`: measure, print the tables, and with --write keep them in docs/benchmarks.md."""

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path

from tests.bench.contest import enter, grow, race
from tests.bench.kapitan import FASTEST, LOCK, REPOSITORY, Kapitan, prepare_kapitan
from tests.bench.measure import time_command
from tests.bench.report import judge, tabulate, tabulate_growth
from tests.bench.scene import FILES, Scene
from tests.bench.validation import OBJECTS, compete

PAGE = """\
# Benchmarks

Written by `python -m tests.bench --write`. {count} environments of {files} files each, made from the same values: for
each of six services a Deployment, Service, ServiceAccount with Role and RoleBinding, ConfigMap, NetworkPolicy,
PodDisruptionBudget, HorizontalPodAutoscaler, ServiceMonitor, PrometheusRule and kustomization.yaml.

- hftgen reads the specs, checks them, derives its facts, and renders; Kapitan is given hftgen's finished contexts as
  its inventory ({size:.0f} KiB of YAML for each environment), and its Jsonnet calls the same templates. The outputs are
  equal as parsed values; the run stops if they are not.
- Kapitan is version {version}, first as it comes, then with its fastest options
  (`{fastest}`). It has no render that
  skips what did not change, so the render without changes stands against its full compile.
- Whole processes by the wall clock, from start to exit. {rounds} interleaved rounds: each contender once a round, in
  changing order; the table gives medians. Memory is the peak of the proportional set sizes of a process and its
  children.
- All on tmpfs. The specs have no freeze, so no exchange calendar is computed, as with warm calendars.
- Measured on {cpus} processors ({machine}), Python {python}. Where the wall clock shows much more than the processors'
  time divided by their number, other work ran beside it.

{scores}

{goals}

`hftgen validate` without outside tools against kubeconform alone, {objects:,} objects of Kubernetes' own kinds. Cold,
hftgen compiles the specs first, which kubeconform does not; where nothing changed since a render and a validation, it
knows its verdict. The ratio is to kubeconform's; wanted is at most 1.

{validation}

Growth, median of {growth_rounds} rounds:

{growth}
"""


def main() -> None:
    """Everything, in a folder of its own that is removed at the end."""
    options = _parse()
    prepare_kapitan()
    with tempfile.TemporaryDirectory(prefix="hftgen-bench-", dir=options.folder) as folder:
        root = Path(folder)
        tables = {"growth": tabulate_growth(grow(root, options.growth, options.growth_rounds, _say))}
        if options.rounds:
            scene = Scene(root / "contest", options.environments)
            kapitan = _pair(scene)
            scores = race(enter(scene, kapitan), options.rounds, _say)
            tables |= {"scores": tabulate(scores), "goals": judge(scores)}
            tables["validation"] = compete(root, options.rounds, _say)
            sizes = [path.stat().st_size for path in (kapitan.folder / "inventory" / "targets").iterdir()]
    print("\n\n".join(tables.values()))
    if options.write:
        page = PAGE.format(
            count=options.environments,
            files=FILES,
            size=sum(sizes) / len(sizes) / 1024,
            version=_find_version(),
            fastest=" ".join(FASTEST),
            rounds=options.rounds,
            growth_rounds=options.growth_rounds,
            cpus=len(os.sched_getaffinity(0)),
            machine=platform.machine(),
            objects=OBJECTS,
            python=platform.python_version(),
            **tables,
        )
        (REPOSITORY / "docs" / "benchmarks.md").write_text(page, encoding="utf-8")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=main.__doc__)
    parser.add_argument("--environments", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5, help="0: growth alone, without Kapitan")
    parser.add_argument("--growth", type=int, nargs="*", default=[10, 50, 100, 200, 400])
    parser.add_argument("--growth-rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path("/dev/shm"), help="a tmpfs (default: /dev/shm)")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    options = parser.parse_args()
    if options.write and not options.rounds:
        parser.error("--write needs rounds")
    return options


def _pair(scene: Scene) -> Kapitan:
    """Kapitan beside a scene, once it is known to make the same."""
    time_command(scene.render())
    _say("contexts for Kapitan")
    kapitan = Kapitan(scene)
    for flags in ((), FASTEST):
        time_command(kapitan.compile(*flags))
        kapitan.compare()
    return kapitan


def _find_version() -> str:
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    return next(line.split("==")[1].strip(" \\") for line in lines if line.startswith(("kapitan==", "kapitan[")))


def _say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
