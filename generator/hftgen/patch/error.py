"""Why a patch cannot be applied."""


class PatchError(Exception):
    """Where below the patch (`("json", 1, "path")`), what is wrong, what was found and expected, what to do."""

    def __init__(self, path: tuple[str | int, ...], message: str, *, expected: str = "", hint: str = "") -> None:
        self.path, self.message, self.expected, self.hint = path, message, expected, hint
        super().__init__(path, message, expected, hint)
