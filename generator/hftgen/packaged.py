"""Where the templates and policies of hftgen itself lie: in the wheel, or in a checkout installed editable."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_WHEEL = _PACKAGE / "_packaged"
_CHECKOUT = _PACKAGE.parent.parent


def templates() -> Path:
    """The folder of packaged templates. In hftgen's own repository it is the repository's templates/ itself."""
    return _folder("templates")


def policies() -> Path:
    """The folder of packaged policies. In hftgen's own repository it is the repository's policies/ itself."""
    return _folder("policies")


def _folder(name: str) -> Path:
    return (_WHEEL if _WHEEL.is_dir() else _CHECKOUT) / name
