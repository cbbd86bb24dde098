"""Argo Rollouts' own lint: a Rollout beside the Services, Ingresses and VirtualServices that it steers."""

from collections.abc import Iterator

from hftgen.check.tools.tool import Answer, Call, Refusal, Tree, shorten


class RolloutsLint:
    """kubectl argo rollouts lint."""

    name = "kubectl-argo-rollouts"
    looks = "Rollouts with their Services, Ingresses and VirtualServices"
    version: tuple[str, ...] = ("version", "--short")

    def plan(self, tree: Tree) -> Iterator[Call]:
        """One file for each service and cluster with a Rollout: base and overlay together."""
        for cluster, service in sorted(_list_places(tree.files)):
            parts = (f"kustomize/base/{service}/", f"kustomize/overlays/{cluster}/{service}/")
            files = [file for file in tree.files if file.startswith(parts) and not file.endswith("kustomization.yaml")]
            rollouts = [file for file in files if file.endswith("/rollout.yaml")]
            if rollouts:
                together = tree.schemas / f"{tree.environment}-{cluster}-{service}.yaml"
                together.write_bytes(b"\n---\n".join((tree.folder / file).read_bytes() for file in files))
                yield Call(tree, ("lint", "-f", str(together)), rollouts[-1])

    def read(self, call: Call, answer: Answer) -> Iterator[Refusal]:
        """A Rollout that its controller would refuse."""
        if answer.code:
            yield Refusal(call.about, "", shorten(answer.err or answer.out))


def _list_places(files: tuple[str, ...]) -> set[tuple[str, str]]:
    """Cluster and service of every overlay."""
    parts = (file.split("/") for file in files if file.startswith("kustomize/overlays/"))
    return {(path[2], path[3]) for path in parts if len(path) > 4}
