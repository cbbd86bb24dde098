"""The audit log of an API server that we start ourselves."""

AUDIT_LOG = "/var/log/kubernetes/audit"


def set_audit(policy: str) -> dict[str, str]:
    """Flags of the API server: 30 days, at most 1 GB, by the policy of this file."""
    return {
        "audit-policy-file": policy,
        "audit-log-path": f"{AUDIT_LOG}/audit.log",
        "audit-log-maxage": "30",
        "audit-log-maxbackup": "10",
        "audit-log-maxsize": "100",
    }
