"""`files` and `volumes`: what is mounted into the service's container."""

from typing import Annotated, Literal

from pydantic import Field, Tag

from hftgen.spec.section import Kind, kinds
from hftgen.spec.units import Memory, Path, RelativePath, ResourceName, Text


class File(Kind):
    """A file mounted read-only."""

    path: Path | None = Field(
        None, description="Where it is mounted. Left out: /etc/<service>/<name>.", examples=["/srv/logo.svg"]
    )


class InlineFile(File):
    """A file whose text stands in the spec."""

    KIND = "content"
    content: Text = Field(description="The file's text.", examples=["[a]\nb = 1\n"])


class ForeignFile(File):
    """A file read from beside the spec, inside the repository."""

    KIND = "from"
    from_: RelativePath = Field(
        alias="from", description="The file to read, relative to the spec.", examples=["assets/logo.svg"]
    )


AnyFile = Annotated[
    Annotated[InlineFile, Tag("(content)")] | Annotated[ForeignFile, Tag("(from)")], kinds("content", "from")
]


class Claim(Kind):
    """Storage that outlives the pod."""

    KIND = "claim"
    path: Path = Field(description="Where it is mounted.", examples=["/var/lib/journal"])
    size: Memory = Field(description="How much is asked for, in bytes.", examples=["50Gi"])
    class_: ResourceName | None = Field(
        None,
        alias="class",
        description="fast, standard, or a StorageClass of the cluster. Left out: standard.",
        examples=["fast"],
    )
    access: Literal["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany"] = Field(
        "ReadWriteOnce", description="Who may mount it. Left out: ReadWriteOnce.", examples=["ReadWriteOnce"]
    )


class EmptyDir(Kind):
    """Storage that ends with the pod."""

    KIND = "emptyDir"
    path: Path = Field(description="Where it is mounted.", examples=["/scratch"])
    emptyDir: Literal["memory", "disk"] = Field(
        description="On disk, or in memory (it counts as such).", examples=["memory"]
    )
    size: Memory | None = Field(None, description="Its largest size in bytes. Left out: no limit.", examples=["64Mi"])


Volume = Annotated[
    Annotated[Claim, Tag("(claim)")] | Annotated[EmptyDir, Tag("(emptyDir)")], kinds("emptyDir", other="claim")
]
