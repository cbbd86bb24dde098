"""What rendering yields: one file."""

from typing import Any, NamedTuple


class Artifact(NamedTuple):
    """One output file.

    `path` is relative to rendered/<environment>/ (or rendered/repository/), with `/`. `data` is the file's bytes.
    `template` is the template's path below templates/. `documents` are the values that were written, comments (`#x`
    keys) and Helm expressions still in them: every document of a YAML file, the one value of a JSON file; None for
    text and copied files.
    """

    path: str
    data: bytes
    template: str
    documents: tuple[Any, ...] | None = None

    def values(self) -> tuple[Any, ...]:
        """The documents as readers of the file see them: without comments."""
        return tuple(_drop_comments(document) for document in self.documents or ())


def _drop_comments(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _drop_comments(child) for key, child in value.items() if not key.startswith("#")}
    return [_drop_comments(child) for child in value] if isinstance(value, list) else value
