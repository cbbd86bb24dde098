"""The form of data/compilers.yaml: which versions of a compiler there are, and what they know."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from hftgen.errors import InputError, Problem
from hftgen.spec.node import Node, to_plain
from hftgen.spec.problems import list_problems
from hftgen.spec.section import Section
from hftgen.spec.units import Positive
from hftgen.spec.units.text import Grammar


class StandardName(Grammar):
    """A standard of C++, where it is a key."""

    __slots__ = ()
    words = "a standard of C++ by its year"
    pattern = r"^(11|14|17|20|23|26)$"
    examples = ("23",)


class CompilerEntry(Section):
    """One compiler of the table."""

    first: Positive = Field(description="The oldest version.")
    last: Positive = Field(description="The newest version.")
    standards: dict[Annotated[str, StandardName], Positive] = Field(description="First version by standard.")
    levels: Positive = Field(description="The first version that knows the levels of x86-64.")

    def since(self, standard: int) -> int:
        """The first version that knows a standard of C++."""
        return {str(year): first for year, first in self.standards.items()}.get(str(standard), self.first)

    def knows(self, version: str) -> bool:
        """Whether there is such a version, by its first number."""
        return version.isdecimal() and version.isascii() and self.first <= int(version[:9]) <= self.last


Name = Literal["gcc", "clang"]


class CompilerTable(Section):
    """The table: one entry for each compiler that a spec can name."""

    gcc: CompilerEntry = Field(description="The GNU compiler.")
    clang: CompilerEntry = Field(description="LLVM's compiler.")

    def find(self, name: Name) -> CompilerEntry:
        """The entry of a compiler."""
        return self.gcc if name == "gcc" else self.clang


def parse_compilers(entries: Mapping[str, Node]) -> CompilerTable:
    """The table; InputError with all that is wrong in it."""
    found: dict[str, CompilerEntry] = {}
    problems: list[Problem] = []
    for name, node in entries.items():
        try:
            if name not in CompilerTable.model_fields:
                expected = " | ".join(CompilerTable.model_fields)
                problems.append(Problem(node.file, node.line, node.column, name, "is no compiler", name, expected))
                continue
            found[name] = CompilerEntry.model_validate(to_plain(node))
        except ValidationError as error:
            problems += list_problems(error, CompilerEntry, node, (name,))
    if problems:
        raise InputError(problems)
    return CompilerTable(**found)
