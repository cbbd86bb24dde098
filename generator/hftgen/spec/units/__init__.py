"""The unit types of the spec: a value knows its grammar, its canonical form and its JSON Schema.

How values look: text units (`Cpu`, `Duration`, `ImageRef`, ...) are subclasses of str whose text is canonical, so a
dump is plain JSON; rules compute with properties (`cpu.millicores`, `memory.bytes`, `duration.seconds`,
`image.digest`, `cidr.network`, `cpuset.cpus`, `percentage.fraction`, `date.date`). Numbers and booleans are int,
float and bool. `Amount` (maxSurge, minAvailable) is an int or a whole Percentage. Durations have no days when
canonical (`30d` is `720h`), largest unit first: Go, Kubernetes and Prometheus read them as they are.

How to make one by hand: `Memory.parse("4Gi")`.

How errors look: `refuse` makes a PydanticCustomError of type `unit`, whose context has `message`, `expected`, `hint`
and `found` (each may be empty; empty `found` means: show the value that was given). Models raise the same.
"""

from hftgen.spec.units.cron import Cron
from hftgen.spec.units.duration import Duration, Latency, Pause, PositiveSeconds, Seconds
from hftgen.spec.units.image import ImageRef
from hftgen.spec.units.json import Json, JsonMapping, read_json
from hftgen.spec.units.network import Address, Cidr, GitUrl, Host, InterfaceName, Mac, Url
from hftgen.spec.units.number import (
    Amount,
    Asn,
    Boolean,
    Count,
    Integer,
    Money,
    Number,
    Percentage,
    Port,
    Positive,
    Replicas,
    UserId,
    Utilization,
    Vlan,
    Weight,
    read_integer,
    read_number,
)
from hftgen.spec.units.place import CpuSet, Date, Path, RelativePath, TimeZone, UrlPath
from hftgen.spec.units.quantity import Cpu, HugePageSize, Memory, Quantity
from hftgen.spec.units.text import (
    RESERVED,
    ClusterName,
    DatastoreName,
    EnvironmentName,
    EnvName,
    FileName,
    HostName,
    KubernetesRelease,
    KubernetesVersion,
    LabelKey,
    LabelValue,
    Line,
    MetricName,
    Name,
    PoolName,
    PortName,
    ProjectName,
    ResourceName,
    SecretRef,
    ServiceName,
    SysctlName,
    Text,
    Version,
)
from hftgen.spec.units.unit import Unit, refuse

__all__ = [
    "RESERVED",
    "Address",
    "Amount",
    "Asn",
    "Boolean",
    "Cidr",
    "ClusterName",
    "Count",
    "Cpu",
    "CpuSet",
    "Cron",
    "DatastoreName",
    "Date",
    "Duration",
    "EnvName",
    "EnvironmentName",
    "FileName",
    "GitUrl",
    "Host",
    "HostName",
    "HugePageSize",
    "ImageRef",
    "Integer",
    "InterfaceName",
    "Json",
    "JsonMapping",
    "KubernetesRelease",
    "KubernetesVersion",
    "LabelKey",
    "LabelValue",
    "Latency",
    "Line",
    "Mac",
    "Memory",
    "MetricName",
    "Money",
    "Name",
    "Number",
    "Path",
    "Pause",
    "Percentage",
    "PoolName",
    "Port",
    "PortName",
    "Positive",
    "PositiveSeconds",
    "ProjectName",
    "Quantity",
    "RelativePath",
    "Replicas",
    "ResourceName",
    "Seconds",
    "SecretRef",
    "ServiceName",
    "SysctlName",
    "Text",
    "TimeZone",
    "Unit",
    "Url",
    "UrlPath",
    "UserId",
    "Utilization",
    "Version",
    "Vlan",
    "Weight",
    "read_integer",
    "read_json",
    "read_number",
    "refuse",
]
