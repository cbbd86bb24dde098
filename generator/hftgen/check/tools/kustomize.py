"""kustomize: whether each folder that Argo CD builds can be built."""

from collections.abc import Iterator

from hftgen.check.tools.tool import Answer, Call, Refusal, Tree, find_folders, shorten


class Kustomize:
    """kustomize build."""

    name = "kustomize"
    looks = "builds of the overlays"
    version: tuple[str, ...] = ("version",)

    def plan(self, tree: Tree) -> Iterator[Call]:
        """Each folder with a kustomization that no other is made of."""
        for folder in find_folders(tree.files, "kustomization.yaml"):
            if not folder.startswith("kustomize/base/"):
                yield Call(tree, ("build", str(tree.folder / folder)), folder)

    def read(self, call: Call, answer: Answer) -> Iterator[Refusal]:
        """A build that fails, or warns."""
        if answer.code or answer.err.strip():
            yield Refusal(f"{call.about}/kustomization.yaml", "", shorten(answer.err))
