"""What the code of a `cdktn-provider-*` wheel says of a Terraform provider, file by file.

The wheel holds generated JavaScript: a class for each resource, data source and nested object, whose comments carry
Terraform's names and `computed`, `optional`, `required`, and functions `...ToHclTerraform` that tell how each argument
is written: as a block or not, as a list, a set or a map.
"""

import re
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

_CLASS = re.compile(r"^class (\w+) extends cdktn\.(\w+) \{", re.MULTILINE)
_FUNCTION = re.compile(r"^function (\w+ToHclTerraform)\(struct\) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_ARGUMENT = re.compile(
    r"^    // (\S+) - computed: (\w+), optional: (\w+), required: (\w+)\n(.*?)(?=^    // |\Z)", re.MULTILINE | re.DOTALL
)
_FORM = re.compile(
    r'^ {8,12}"?([\w-]+)"?: \{\n\s+value: (.*?),\n\s+isBlock: (\w+),\n\s+type: "(\w+)",\n\s+storageClassType: "(\w+)"',
    re.MULTILINE | re.DOTALL,
)
_NESTED = re.compile(r'= new (?:\w+\.)?(\w+)\(this, "(?:[^"]+)"(?:, (\w+))?\)')


class Argument(NamedTuple):
    """An argument, attribute or block of a class. `flags` are those of computed, optional and required that hold.

    `code` is what follows in the class; `nested` the class of what it holds, and `is_set` whether that is unordered.
    """

    name: str
    flags: Mapping[str, bool]
    code: str
    nested: str | None
    is_set: bool


class Form(NamedTuple):
    """How an argument is written: the expression of its value, block or not, `list`, `set`, `map`, `struct`, ..."""

    value: str
    is_block: bool
    kind: str
    store: str

    @property
    def function(self) -> str:
        """The function that writes what a block holds."""
        match = re.search(r"\w+ToHclTerraform", self.value)
        assert match, self.value
        return match[0]


class Source(NamedTuple):
    """The code of one resource: class → its parent and body; function → its body."""

    classes: Mapping[str, tuple[str, str]]
    functions: Mapping[str, str]

    def list_arguments(self, name: str) -> list[Argument]:
        """The arguments of a class, in the order of its code."""
        return [
            _read_argument(self, found.groups(), flags=found.group(2, 3, 4))
            for found in _ARGUMENT.finditer(self.classes[name][1])
        ]

    def find_forms(self, name: str) -> dict[str, Form]:
        """How the arguments of a class are written, by name; those that cannot be set are absent."""
        parent, body = self.classes[name]
        if parent != "ComplexObject":
            return read_forms(body[body.find("synthesizeHclAttributes") :])
        stem = name.removesuffix("OutputReference")
        return self.find_function(f"{stem[0].lower()}{stem[1:]}ToHclTerraform")

    def find_function(self, name: str) -> dict[str, Form]:
        """How the arguments are written that a function names."""
        return read_forms(self.functions.get(name, ""))


def read_forms(code: str) -> dict[str, Form]:
    """The forms that a piece of code names."""
    return {name: Form(value, block == "true", kind, store) for name, value, block, kind, store in _FORM.findall(code)}


def read_sources(wheel: Path) -> Iterator[Source]:
    """The code of a wheel, by resource."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".jsii.tgz"))
        folders: dict[str, list[str]] = {}
        with archive.open(name) as file, tarfile.open(fileobj=file, mode="r|gz") as members:
            for member in members:
                parts = member.name.split("/")
                content = members.extractfile(member)
                if content and member.name.endswith(".js") and len(parts) >= 4 and parts[1] == "lib":
                    folders.setdefault(parts[2], []).append(content.read().decode())
    for texts in folders.values():
        yield parse("\n".join(texts))


def parse(text: str) -> Source:
    """The classes and functions of a text."""
    heads = list(_CLASS.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    classes = {
        head[1]: (head[2], text[head.end() : end].partition("\n}\n")[0]) for head, end in zip(heads, ends, strict=False)
    }
    return Source(classes, dict(_FUNCTION.findall(text)))


def _read_argument(source: Source, groups: tuple[str, ...], *, flags: tuple[str, ...]) -> Argument:
    name, code = groups[0], groups[4]
    held = {
        flag: True for flag, value in zip(("computed", "optional", "required"), flags, strict=True) if value == "true"
    }
    found = _NESTED.search(code)
    if found is None or found[1] not in source.classes:
        return Argument(name, held, code, None, is_set=False)
    return Argument(name, held, code, found[1], is_set=found[2] == "true")
