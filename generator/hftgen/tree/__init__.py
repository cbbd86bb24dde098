"""A rendered tree on disk: what would change, and changing it in one transaction.

output/
    .hftgen-staging/    while a render is at work, see transaction.py
    production/         one environment
        .hftgen         the marker: the folder is hftgen's
    repository/         what belongs to all environments

check_target → lock → recover → compare → apply
"""

from hftgen.tree.changes import Changes, FolderChanges, compare
from hftgen.tree.lock import lock
from hftgen.tree.target import MARKER, check_target
from hftgen.tree.transaction import apply, pending, recover

__all__ = ["MARKER", "Changes", "FolderChanges", "apply", "check_target", "compare", "lock", "pending", "recover"]
