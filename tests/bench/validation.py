"""`hftgen validate` against kubeconform alone, on the same objects and the same schemas of Kubernetes."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.bench.contest import Contender, Score, race
from tests.bench.measure import Command, time_command
from tests.bench.report import tabulate_rows
from tests.bench.scene import Scene
from tests.tools import pins

ENVIRONMENTS = 38
OBJECTS = 54 * ENVIRONMENTS
"""Those that there are schemas of: all but ServiceMonitors and PrometheusRules, which both pass over."""

COLD, NONE, ALONE = "hftgen validate, cold", "hftgen validate, nothing changed", "kubeconform alone"


def compete(root: Path, rounds: int, say: Callable[[str], None]) -> str:
    """The table: seconds, and the ratios to kubeconform."""
    scene = Scene(root / "validate", ENVIRONMENTS)
    ours, theirs = scene.validate(), _judge(scene)

    def cold(_: int) -> None:
        scene.clear()

    def rendered(_: int) -> None:
        time_command(scene.render())

    def known(turn: int) -> None:
        rendered(turn)
        time_command(ours)

    contenders = [Contender(COLD, cold, ours), Contender(NONE, known, ours), Contender(ALONE, rendered, theirs)]
    scores = race(contenders, rounds, say)
    return tabulate_rows(("", "median, ms", "processors, ms", "ratio"), [_describe(name, scores) for name in scores])


def _judge(scene: Scene) -> Command:
    """kubeconform on the rendered tree, with the schemas of Kubernetes on disk."""
    place = pins.SCHEMAS / "core" / "{{.NormalizedKubernetesVersion}}" / "{{.Group}}"
    layout = f"{place}/{{{{.ResourceKind}}}}_{{{{.ResourceAPIVersion}}}}.json"
    options = ("-strict", "-ignore-missing-schemas", "-kubernetes-version", "1.36.0", "-schema-location", layout)
    skip = ("-ignore-filename-pattern", "kustomization.yaml")
    arguments = (str(pins.BIN / "kubeconform"), *options, *skip, str(scene.output))
    return Command(arguments, scene.specs.parent, scene.environment())


def _describe(name: str, scores: Mapping[str, Score]) -> tuple[str, ...]:
    score = scores[name]
    ratio = score.seconds / scores[ALONE].seconds
    return name, f"{score.seconds * 1000:,.0f}", f"{score.processor * 1000:,.0f}", f"{ratio:.2f}"
