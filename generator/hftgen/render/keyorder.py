"""The order of keys that people expect; what is not named here stands between FIRST and LAST by the alphabet.

Jsonnet sorts keys, so their order is no choice of a template's author. One table serves all formats, since what is
read first is much alike in all of them: who it is, what it is, where it applies, what it does.
"""

from collections.abc import Iterable

FIRST = tuple(
    """
    $schema apiVersion apiGroup group kind metadata spec
    name id generateName server namespace
    alert record expr for
    description type version appVersion
    labels annotations

    stages default workflow include
    on permissions concurrency
    hosts become stage extends

    project repoURL chart targetRevision path pathType
    sources source destination destinations syncPolicy automated syncOptions
    scaleTargetRef minReplicas maxReplicas
    schedule timeZone interval
    replicas revisionHistoryLimit selector strategy updateStrategy
    podSelector policyTypes ingress egress from to

    needs runs-on if uses with
    image imagePullPolicy build services
    command entrypoint args workingDir
    secretKey key operator value values valueFrom effect
    host hostname port containerPort targetPort protocol appProtocol ports
    envFrom env environment variables rules
    apiGroups resources resourceNames verbs
    requests limits
    components configMapGenerator secretGenerator images patches
    newName newTag digest
    maxSkew topologyKey whenUnsatisfiable labelSelector
    httpGet grpc tcpSocket exec initialDelaySeconds periodSeconds timeoutSeconds failureThreshold
    initialDelay count successCondition failureCondition failureLimit inconclusiveLimit
    activeService previewService stableService canaryService
    before_script script after_script

    serviceAccountName priorityClassName nodeSelector
    startupProbe readinessProbe livenessProbe lifecycle
    securityContext volumeMounts mountPath subPath
    """.split()  # noqa: SIM905 - reads as a table
)

# What is long, or belongs to all that stands above it. Ansible reads a task as: name, module, then the last row.
LAST = tuple(
    """
    initContainers containers volumes
    jobs steps run tasks handlers
    register when changed_when notify
    status
    """.split()  # noqa: SIM905 - reads as a table
)

# Below these keys the words are the user's own, so the alphabet alone orders them.
FREE = frozenset(
    """
    labels annotations matchLabels nodeSelector podLabels podAnnotations
    data stringData binaryData variables environment
    """.split()  # noqa: SIM905 - reads as a table
)

RANKS = {key: rank - len(FIRST) for rank, key in enumerate(FIRST)} | {key: rank + 1 for rank, key in enumerate(LAST)}


def order_keys(keys: Iterable[str], *, free: bool = False) -> list[str]:
    """The keys in the order they are written; `free` when they are the user's own words, not a format's."""
    if free:
        return sorted(keys)
    return sorted(keys, key=lambda key: (RANKS.get(key, 0), key))
