"""What a Jsonnet `import` reaches: files of the template tree, from memory, and nothing else."""

import posixpath
from collections.abc import Mapping

from hftgen.render.origin import SourceFile

ROOT = "templates"
"""The folder in which engines believe the tree to be. What is imported from elsewhere is the driver's own import."""


class RefusedImportError(Exception):
    """Why a file cannot be imported."""


class Importer:
    """Answers both engines' import callbacks from the files of a tree."""

    def __init__(self, files: Mapping[str, SourceFile]) -> None:
        self._files = files
        self._texts: dict[str, str] = {}

    def import_text(self, folder: str, target: str) -> tuple[str, str]:
        """For rjsonnet: the path and text of `target` as written in a file of `folder`. Raises RefusedImportError."""
        path = self._resolve(folder, target)
        text = self._texts.get(path)
        if text is None:
            text = self._texts[path] = self._read(path)
        return f"{ROOT}/{path}", text

    def import_bytes(self, folder: str, target: str) -> tuple[str, bytes]:
        """The same for the C++ jsonnet, which takes bytes."""
        path, text = self.import_text(folder, target)
        return path, text.encode()

    def find_label(self, path: str) -> str | None:
        """The label of a file that an engine's message names, or None if it is none of ours."""
        file = self._files.get(path.removeprefix(f"{ROOT}/"))
        return file.label if file and path.startswith(f"{ROOT}/") else None

    def _resolve(self, folder: str, target: str) -> str:
        folder = folder.rstrip("/")
        if folder != ROOT and not folder.startswith(f"{ROOT}/"):
            return target
        if target.startswith("/"):
            raise RefusedImportError(f"{target!r} is an absolute path; imports are relative to the importing file")
        path = posixpath.normpath(posixpath.join(folder, target))
        if not path.startswith(f"{ROOT}/"):
            raise RefusedImportError(f"{target!r} leads out of the template tree")
        return path.removeprefix(f"{ROOT}/")

    def _read(self, path: str) -> str:
        file = self._files.get(path)
        if file is None:
            raise RefusedImportError(f"there is no file {path!r} in the template tree{self._suggest(path)}")
        try:
            text = file.data.decode()
        except UnicodeDecodeError:
            raise RefusedImportError(f"{file.label} is not UTF-8, so no template can import it") from None
        # A checkout with CRLF makes the same bytes as one without.
        return text.replace("\r\n", "\n") if path.endswith((".jsonnet", ".libsonnet")) else text

    def _suggest(self, path: str) -> str:
        from difflib import get_close_matches

        near = get_close_matches(path, self._files, n=1)
        return f"; is it {near[0]!r}?" if near else ""
