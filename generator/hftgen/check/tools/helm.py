"""helm: whether charts keep Helm's own rules, and make objects with the values of each cluster."""

from collections.abc import Iterator

from hftgen.check.tools.tool import Answer, Call, Refusal, Tree, find_folders, shorten


class Helm:
    """helm lint --strict, and helm template."""

    name = "helm"
    looks = "lint and templates of the charts"
    version: tuple[str, ...] = ("version", "--short")

    def plan(self, tree: Tree) -> Iterator[Call]:
        """Each chart with the values of each cluster."""
        for chart in find_folders(tree.files, "Chart.yaml", below="helm/"):
            for file in tree.files:
                if file.startswith(f"{chart}/values-") and file.endswith(".yaml"):
                    options = ("--kube-version", tree.survey.kubernetes[0], "--values", str(tree.folder / file))
                    folder = str(tree.folder / chart)
                    yield Call(tree, ("lint", "--strict", *options, folder), file)
                    yield Call(tree, ("template", "release", folder, *options), file)

    def read(self, call: Call, answer: Answer) -> Iterator[Refusal]:
        """A chart that helm finds fault with."""
        if answer.code:
            said = answer.out if call.arguments[0] == "lint" else answer.err
            yield Refusal(call.about, "", shorten(said.replace(f"{call.tree.folder}/", "")))
