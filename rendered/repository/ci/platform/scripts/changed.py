"""The root modules that a change touches, from ci/platform/roots.json, as JSON on one line.

usage: changed.py BASE     those whose files, or modules, differ between BASE and HEAD
       changed.py --all    all of them
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent.parent / "roots.json"

Root = Mapping[str, Any]


def main(base: str) -> int:
    """Print the roots."""
    print(json.dumps(list_roots(base)))
    return 0


def list_roots(base: str) -> list[Root]:
    """The roots of a change, or all."""
    roots: list[Root] = json.loads(FILE.read_text(encoding="utf-8"))
    files = None if base == "--all" else list_files(base)
    return roots if files is None else pick(roots, files)


def list_files(base: str) -> list[str] | None:
    """What differs, by path; None where nobody can tell: a first push, a rewritten history, a shallow checkout.

    `BASE...HEAD`: what came to the default branch meanwhile is not ours.
    """
    command = ["git", "diff", "--name-only", "-z", "--end-of-options", f"{base}...HEAD"]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", errors="surrogateescape")
    if done.returncode:
        print(f"changed: {base} is not known here, so all roots are looked at: {done.stderr.strip()}", file=sys.stderr)
        return None
    return [name for name in done.stdout.split("\0") if name]


def pick(roots: Iterable[Root], files: Iterable[str]) -> list[Root]:
    """The roots that have one of the files, or call a module that has."""
    known = list(files)
    return [
        root for root in roots if any(name.startswith((f"{root['folder']}/", f"{root['modules']}/")) for name in known)
    ]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
