"""Whom clouds trust among pipelines: the subjects of their tokens, by what they may do."""

from hftgen.spec.ci import Oidc


def list_trusted(oidc: Oidc, *, pushes: bool) -> dict[str, list[str]]:
    """Subjects in order, by `plan`, `apply` and `push`; nobody pushes where `pushes` is false.

    Where the spec does not say who plans or applies it is whoever pushes (HFT-X73 tells).
    """
    said = {"plan": oidc.plan, "apply": oidc.apply, "push": None if pushes else ()}
    return {
        verb: sorted({str(subject) for subject in (oidc.subjects if subjects is None else subjects)})
        for verb, subjects in said.items()
    }
