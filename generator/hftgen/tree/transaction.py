"""Change a rendered tree in one transaction, and finish or forget one that was interrupted.

Everything new is staged first. The rename of the journal is the commit: before it the old tree stands untouched, after
it every step can be repeated until the new one stands.

    .hftgen-staging/
        .gitignore      `*`: git never sees the folder
        lock            held by the process at work
        new/            staged files and folders, numbered
        journal         what goes where; its presence is the commit
        old/            folders taken away, until they are removed
"""

import errno
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from itertools import count

from hftgen.reading import Place
from hftgen.tree.changes import Changes, Files, complete
from hftgen.tree.disk import (
    DISK,
    Disk,
    Stamp,
    is_folder,
    look,
    machine_error,
    make_removable,
    remove_tree,
    wait_past,
    write_file,
)
from hftgen.tree.journal import Journal, check_owned, decode, encode, plan
from hftgen.tree.target import STAGING

Stamps = dict[str, dict[str, Stamp]]
"""By environment, then path: the stamp of each file whose content is known to be the wanted one."""

UNTOUCHED = "the rendered tree is as it was"
HALFWAY = "the next `hftgen render` finishes what was begun"


def apply(output: Place, changes: Changes, wanted: Mapping[str, Files], disk: Disk = DISK) -> Stamps:
    """Make the changes; the caller holds the lock and has recovered. No changes touch nothing.

    Raise MachineError when the machine refuses; then the old tree stands, or recover brings the new one.
    """
    seen = {name: dict(folder.seen) for name, folder in changes.folders.items() if not folder.gone}
    if not changes:
        return seen
    work = _Work(os.fspath(output), disk)
    journal, written = work.commit(changes, wanted)
    work.finish(journal, resuming=False)
    for path, stamp in written.items():
        name, _, rest = path.partition("/")
        seen[name][rest] = stamp
    return seen


def recover(output: Place, disk: Disk = DISK) -> str | None:
    """Finish or forget what an interrupted render left; the caller holds the lock.

    One sentence of what was done, None when there was nothing. Raise MachineError when the machine refuses.
    """
    work = _Work(os.fspath(output), disk)
    try:
        return work.recover()
    except OSError as error:
        raise machine_error("finish an interrupted render", error, work.folder, HALFWAY) from error


def pending(output: Place) -> str | None:
    """Whether another render is at work in `output` or was interrupted there, as one sentence; reads only."""
    folder = os.path.join(output, STAGING)
    if not is_folder(folder):
        return None
    if look(os.path.join(folder, "journal")) is not None:
        return f"Another render is writing {output} now, or was interrupted: it may hold a mix. {HALFWAY.capitalize()}."
    if look(os.path.join(folder, "new")) is not None:
        return f"Another render prepares to write {output} now, or was interrupted: {UNTOUCHED}."
    return None


class _Work:
    """The staging folder of one output folder."""

    def __init__(self, output: str, disk: Disk) -> None:
        self.output, self.disk = output, disk
        self.folder = os.path.join(output, STAGING)
        self.new, self.old, self.journal = (os.path.join(self.folder, name) for name in ("new", "old", "journal"))

    def commit(self, changes: Changes, wanted: Mapping[str, Files]) -> tuple[Journal, dict[str, Stamp]]:
        """Stage every new file, then put the journal in place."""
        journal, spots = plan(changes)
        check_owned(self.output, journal)
        try:
            self._check_writable(journal)
            written = self._stage(spots, wanted)
            journal = journal._replace(staged={spots[path]: stamp for path, stamp in written.items()})
            draft = self.journal + ".new"
            write_file(self.disk, draft, encode(journal))
            self.disk.rename(draft, self.journal)
        except OSError as error:
            self._forget()
            raise machine_error("stage the rendered files", error, self.folder, UNTOUCHED) from error
        except BaseException:
            self._forget()
            raise
        # An edit of a file must show in its mtime: none may be put in place within the tick that it was written in.
        newest = max((mtime for _, _, mtime in written.values()), default=0)
        return journal, written if wait_past(self.folder, newest) else {}

    def finish(self, journal: Journal, *, resuming: bool) -> None:
        """Do what a journal in place says; what was done already is skipped."""
        try:
            if not (resuming and self._has_put(journal)):
                for number, path in enumerate(journal.drops):
                    self._take_away(os.path.join(self.output, path), number)
            for number, (name, path) in enumerate(journal.puts.items(), start=len(journal.drops)):
                self._put(os.path.join(self.new, name), os.path.join(self.output, path), number, resuming=resuming)
            remove_tree(self.disk, self.new)
            self.disk.unlink(self.journal)
        except OSError as error:
            raise machine_error("write the rendered tree", error, self.output, HALFWAY) from error
        self._sweep()

    def recover(self) -> str | None:
        """See the function of this name."""
        if not is_folder(self.folder):
            return None
        if look(self.journal) is None:
            return self._recover_uncommitted()
        journal = self._read_journal()
        names = ", ".join(journal.environments) if journal else ""
        if journal and self._is_whole(journal):
            check_owned(self.output, journal)
            self.finish(journal, resuming=True)
            return f"An interrupted render of {names} was finished: {self.output} holds its new tree."
        remove_tree(self.disk, self.new)
        self.disk.unlink(self.journal)
        self._sweep()
        return f"An interrupted render left damaged files: {self.output} may hold a mix until you render again."

    def _recover_uncommitted(self) -> str | None:
        staged = look(self.new) is not None
        swept = look(self.old) is not None
        remove_tree(self.disk, self.journal + ".new")
        remove_tree(self.disk, self.new)
        remove_tree(self.disk, self.old)
        if staged:
            return f"An interrupted render had changed nothing yet: {self.output} holds its old tree."
        if swept:
            return f"An interrupted render had done its work: {self.output} holds its new tree."
        return None

    def _check_writable(self, journal: Journal) -> None:
        # Found out now, a read-only folder leaves the old tree; found out halfway, it would leave a mix to recover.
        for folder in dict.fromkeys(os.path.dirname(path) for path in (*journal.puts.values(), *journal.drops)):
            place = os.path.join(self.output, folder)
            if not self.disk.is_writable(place):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), place)

    def _stage(self, spots: Mapping[str, str], wanted: Mapping[str, Files]) -> dict[str, Stamp]:
        self.disk.make_folder(self.new)
        contents = {name: complete(files) for name, files in wanted.items()}
        made = {""}
        written: dict[str, Stamp] = {}
        for path, spot in spots.items():
            name, _, rest = path.partition("/")
            self._make_parents(os.path.dirname(spot), made)
            written[path] = write_file(self.disk, os.path.join(self.new, spot), contents[name][rest])
        return written

    def _make_parents(self, folder: str, made: set[str]) -> None:
        if folder not in made:
            self._make_parents(os.path.dirname(folder), made)
            self.disk.make_folder(os.path.join(self.new, folder))
            made.add(folder)

    def _take_away(self, path: str, number: int) -> None:
        status = look(path)
        if status is None:
            return
        if not stat.S_ISDIR(status.st_mode):
            self.disk.unlink(path)
            return
        if look(self.old) is None:
            self.disk.make_folder(self.old)
        make_removable(path, status)
        spots = (os.path.join(self.old, f"{number}.{turn}") for turn in count())
        self.disk.rename(path, next(spot for spot in spots if look(spot) is None))

    def _put(self, source: str, target: str, number: int, *, resuming: bool) -> None:
        status = look(source)
        if status is None and resuming:
            return
        present = look(target)
        if present is not None and (stat.S_ISDIR(present.st_mode) or is_folder(source)):
            self._take_away(target, number)
        self.disk.rename(source, target)

    def _read_journal(self) -> Journal | None:
        try:
            with open(self.journal, "rb") as file:
                return decode(file.read())
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def _has_put(self, journal: Journal) -> bool:
        # Then all drops are done, and where letter case does not count one of them may name what was put since.
        return any(look(os.path.join(self.new, name)) is None for name in journal.puts)

    def _is_whole(self, journal: Journal) -> bool:
        for spot, (inode, size, _) in journal.staged.items():
            status = look(os.path.join(self.new, spot))
            put = look(os.path.join(self.output, journal.find_target(spot))) if status is None else None
            if not (status and status.st_size == size) and not (put and put.st_ino == inode):
                return False
        return True

    def _forget(self) -> None:
        if look(self.journal) is None:
            with suppress(OSError):
                remove_tree(self.disk, self.journal + ".new")
                remove_tree(self.disk, self.new)

    def _sweep(self) -> None:
        # The tree is right already: what cannot be removed now, the next command tries again.
        with suppress(OSError):
            remove_tree(self.disk, self.old)
