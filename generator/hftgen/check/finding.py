"""What a check says: one model for all checks."""

from typing import Literal, NamedTuple


class Finding(NamedTuple):
    """One observation about an environment.

    `rule` is its stable id (`HFT-N01`), `subject` what it is about (`datastores.cache`, `Rollout/order-gateway`).
    A `blocking` finding keeps everything from being written; a `warning` is printed. `dated` ones depend on today
    and therefore never block a render. Place as in errors.Problem. `path` is the rendered file that it is about, below
    the output folder, or empty.
    """

    rule: str
    severity: Literal["blocking", "warning"]
    environment: str
    subject: str
    message: str
    hint: str
    file: str
    line: int
    column: int
    dated: bool = False
    path: str = ""
