"""Count what a plan changes: `terraform show -json PLAN | count.py`, in the form that GitLab shows."""

import json
import sys
from typing import Any


def count(plan: dict[str, Any]) -> dict[str, int]:
    """How many resources come, change and go; one that is replaced does both."""
    actions = [change["change"]["actions"] for change in plan.get("resource_changes", [])]
    return {verb: sum(verb in each for each in actions) for verb in ("create", "update", "delete")}


if __name__ == "__main__":
    print(json.dumps(count(json.load(sys.stdin))))
