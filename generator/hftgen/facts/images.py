"""Image references, taken apart as Kustomize, Helm and the pipelines want them."""


def split_image(reference: str) -> dict[str, str]:
    """`{repository, tag, digest}` of a reference; tag and digest are left out when it has none."""
    rest, _, digest = reference.partition("@")
    head, slash, last = rest.rpartition("/")
    name, _, tag = last.partition(":")  # a colon before the last slash belongs to the registry's port
    parts = {"repository": f"{head}{slash}{name}", "tag": tag, "digest": digest}
    return {key: value for key, value in parts.items() if value}
