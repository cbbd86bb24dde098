"""What stands in an environment's folder before a render, for checks that compare."""

import os

from hftgen.reading import Place, read_file
from hftgen.tree.changes import survey
from hftgen.tree.disk import is_folder, machine_error
from hftgen.tree.target import is_marked

LARGEST = 16 << 20
"""Bytes of a file that hftgen may have written; a larger one is somebody else's."""


def read_before(output: Place, environment: str, below: str) -> dict[str, bytes]:
    """The YAML files in the folder `below` of an environment, by path relative to the environment's folder.

    Empty where the folder is not hftgen's. Raise MachineError when something cannot be read.
    """
    folder = os.path.join(output, environment)
    try:
        if not is_marked(folder) or not is_folder(os.path.join(folder, below)):
            return {}
        found = survey(os.path.join(folder, below)).files
        names = sorted(name for name, status in found.items() if name.endswith(".yaml") and status.st_size <= LARGEST)
        return {f"{below}/{name}": read_file(os.path.join(folder, below, name)) for name in names}
    except OSError as error:
        raise machine_error("read the rendered tree", error, folder) from error
