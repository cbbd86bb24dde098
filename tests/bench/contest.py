"""Who is measured, doing what, in interleaved rounds."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.bench.kapitan import FASTEST, Kapitan
from tests.bench.measure import Command, time_command, weigh_command
from tests.bench.scene import Scene


class Contender(NamedTuple):
    """A row of the table: `prepare` brings about what the row is about, in no time that counts."""

    name: str
    prepare: Callable[[int], None]
    command: Command


class Score(NamedTuple):
    """Median, best and worst seconds, and peak bytes."""

    seconds: float
    best: float
    worst: float
    memory: int


COLD, ONE, NONE = "hftgen, cold", "hftgen, one environment changed", "hftgen, nothing changed"
KAPITAN, KAPITAN_FAST, KAPITAN_ONE = "Kapitan", "Kapitan, fastest options", "Kapitan, one environment"
COPY, BARE = "cp -r of the tree", "bare script: import, read, stat"


def enter(scene: Scene, kapitan: Kapitan) -> list[Contender]:
    """All contenders on one scene."""
    changed = scene.names[len(scene.names) // 2]

    def cold(_: int) -> None:
        scene.clear()

    def warm(_: int) -> None:
        time_command(scene.render())

    def one(turn: int) -> None:
        warm(turn)
        scene.write_spec(changed, turn + 1)

    def compiled(_: int) -> None:
        kapitan.clear()

    def uncopied(turn: int) -> None:
        warm(turn)
        shutil.rmtree(scene.root / "copy", ignore_errors=True)

    return [
        Contender(COLD, cold, scene.render()),
        Contender(COPY, uncopied, scene.copy()),
        Contender(ONE, one, scene.render()),
        Contender(NONE, warm, scene.render()),
        Contender(BARE, warm, scene.noop()),
        Contender(KAPITAN, compiled, kapitan.compile()),
        Contender(KAPITAN_FAST, compiled, kapitan.compile(*FASTEST)),
        Contender(KAPITAN_ONE, lambda _: None, kapitan.compile("--targets", changed)),
    ]


def race(contenders: Sequence[Contender], rounds: int, say: Callable[[str], None]) -> Mapping[str, Score]:
    """Each contender once a round, in another order each round; then each once more for its memory."""
    times: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for turn in range(rounds):
        say(f"round {turn + 1} of {rounds}")
        shift = turn % len(contenders)
        for contender in [*contenders[shift:], *contenders[:shift]]:
            contender.prepare(turn)
            times[contender.name].append(time_command(contender.command))
    say("memory")
    scores = {}
    for contender in contenders:
        contender.prepare(rounds)
        memory = weigh_command(contender.command)
        found = times[contender.name]
        scores[contender.name] = Score(median(found), min(found), max(found), memory)
    return scores


class Growth(NamedTuple):
    """Median seconds of so many environments."""

    environments: int
    cold: float
    nothing: float
    copy: float


def grow(root: Path, counts: Sequence[int], rounds: int, say: Callable[[str], None]) -> list[Growth]:
    """Cold and unchanged renders of more and more environments."""
    rows = []
    for count in counts:
        say(f"{count} environments")
        scene = Scene(root / f"grow-{count}", count)
        times: dict[str, list[float]] = {"cold": [], "nothing": [], "copy": []}
        for _ in range(rounds):
            scene.clear()
            times["cold"].append(time_command(scene.render()))
            times["nothing"].append(time_command(scene.render()))
            shutil.rmtree(scene.root / "copy", ignore_errors=True)
            times["copy"].append(time_command(scene.copy()))
        shutil.rmtree(scene.root)
        rows.append(Growth(count, *(median(times[name]) for name in ("cold", "nothing", "copy"))))
    return rows
