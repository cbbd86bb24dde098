"""What the runbook of each service says: how it is released, drained and brought back."""

from hftgen.facts.gitops import RENDERED


def name_runbook(environment: str, service: str) -> str:
    """The path of a service's runbook in the repository."""
    return f"{RENDERED}/{environment}/runbooks/{service}.md"
