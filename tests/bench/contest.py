"""Who is measured, doing what, in interleaved rounds."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.bench.kapitan import FASTEST, Kapitan
from tests.bench.measure import Command, Run, time_command, weigh_command
from tests.bench.scene import Scene


class Contender(NamedTuple):
    """A row of the table: `prepare` brings about what the row is about, in no time that counts."""

    name: str
    prepare: Callable[[int], None]
    command: Command


class Score(NamedTuple):
    """Median, best and worst seconds, median processor seconds, and peak bytes."""

    seconds: float
    best: float
    worst: float
    processor: float
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
    times: dict[str, list[Run]] = {contender.name: [] for contender in contenders}
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
        walls, processors = zip(*times[contender.name], strict=True)
        scores[contender.name] = Score(median(walls), min(walls), max(walls), median(processors), memory)
    return scores


class Growth(NamedTuple):
    """Median seconds of so many environments; `cold_processor` is what a cold render takes of processors."""

    environments: int
    cold: float
    cold_processor: float
    nothing: float
    copy: float


def grow(root: Path, counts: Sequence[int], rounds: int, say: Callable[[str], None]) -> list[Growth]:
    """Cold and unchanged renders of more and more environments, in interleaved rounds."""
    scenes = {count: Scene(root / f"grow-{count}", count) for count in counts}
    runs: dict[int, list[tuple[Run, Run, Run]]] = {count: [] for count in counts}
    for turn in range(rounds):
        for count, scene in scenes.items():
            say(f"growth, round {turn + 1} of {rounds}: {count} environments")
            runs[count].append(_render_twice_and_copy(scene))
    return [_summarize(count, runs[count]) for count in counts]


def _render_twice_and_copy(scene: Scene) -> tuple[Run, Run, Run]:
    scene.clear()
    cold, nothing = time_command(scene.render()), time_command(scene.render())
    copy = time_command(scene.copy())
    shutil.rmtree(scene.root / "copy")
    return cold, nothing, copy


def _summarize(count: int, runs: Sequence[tuple[Run, Run, Run]]) -> Growth:
    cold, nothing, copy = zip(*runs, strict=True)
    return Growth(
        count,
        median(run.wall for run in cold),
        median(run.processor for run in cold),
        median(run.wall for run in nothing),
        median(run.wall for run in copy),
    )
