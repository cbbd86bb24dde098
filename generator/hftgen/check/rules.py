"""The rules whose breaches are findings: what may be meant, but rarely is. Policies have ids of their own."""

RULES = {
    "HFT-X01": "a datastore that no service calls",
    "HFT-X02": "a service with ports that nobody can reach",
    "HFT-X03": "a waiver past its end",
    "HFT-X04": "a waiver that waives nothing",
    "HFT-X05": "a waiver of a rule that does not exist",
    "HFT-X06": "an A/B test past its last day",
    "HFT-X07": "a freeze horizon near its end",
    "HFT-X08": "a freeze that blocks much more time than its sessions need",
    "HFT-X09": "secrets that nobody delivers",
    "HFT-X10": "an active-passive service with nobody waiting",
    "HFT-X12": "a router whose maintenance has ended",
    "HFT-X13": "an A/B test whose query knows no variants",
    "HFT-X14": "a freeze without a margin before sessions",
    "HFT-X15": "variants that no route divides requests to",
    "HFT-X20": "a change of what an API server lets nobody change",
    "HFT-X21": "a rendered file that is none of ours any more",
    "HFT-X22": "an object that its schema refuses",
    "HFT-X23": "a rendered tree that is not what the specs say",
    "HFT-X24": "what an outside tool refuses",
    "HFT-X25": "an object left behind, the last of its kind on a cluster",
    "HFT-X26": "a number of pods that leaves Git for an autoscaler",
    "HFT-X40": "a disk of one node for pods of several",
    "HFT-X41": "kernel parameters that nodes must be told to admit",
    "HFT-X30": "edges that a NetworkPolicy cannot hold",
    "HFT-X31": "certificates that nobody makes",
    "HFT-X32": "a datastore whose image is a moving tag",
    "HFT-X33": "a datastore that no standby follows",
    "HFT-X34": "a managed datastore whose address nobody says",
    "HFT-X35": "secrets that a cluster cannot log in for",
    "HFT-X42": "a patch that makes pods which Pod Security refuses",
    "HFT-X43": "pods that fit a node and none of its NUMA nodes",
}

VALIDATED = frozenset(("HFT-X22", "HFT-X24"))
"""Those that only `hftgen validate` looks for: a render cannot tell whether their waivers are idle."""
