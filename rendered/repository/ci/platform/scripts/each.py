"""Do something with each root module that a change touches, one after another, where a pipeline has no matrix.

usage: each.py plan|apply|drift BASE|--all [ENVIRONMENT]      see terraform.sh
       each.py environments BASE|--all                        the environments of these roots, each between spaces

The first that fails ends it, since others stand on it; a drift is looked for in all.

Where environments have accounts of their own, what only a cloud knows is given by environment and role:
ARM_CLIENT_ID_PRODUCTION_APPLY (or _PLAN), else ARM_CLIENT_ID_PRODUCTION, else ARM_CLIENT_ID; likewise ARM_TENANT_ID and
GOOGLE_PROVIDER.
"""

import os
import subprocess
import sys
from pathlib import Path

from changed import Root, list_roots

ACCOUNTS = ("ARM_CLIENT_ID", "ARM_TENANT_ID", "GOOGLE_PROVIDER")
SCRIPT = Path(__file__).with_name("terraform.sh")


def main(verb: str, base: str, environment: str = "") -> int:
    """Exit with the worst code of terraform.sh."""
    roots = [root for root in list_roots(base) if environment in ("", root["environment"])]
    if verb == "environments":
        print(f" {' '.join(sorted({str(root['environment']) for root in roots}))} ")
        return 0
    worst = 0
    for root in roots:
        print(f"--- {root['name']}", flush=True)
        code = subprocess.run(["bash", str(SCRIPT), verb], env=tell(root, verb), check=False).returncode
        worst = max(worst, code)
        if code and verb != "drift":
            return code
    return worst


def tell(root: Root, verb: str) -> dict[str, str]:
    """The environment of terraform.sh for one root."""
    role = "apply" if verb == "apply" else "plan"
    said = {"ROOT": root["folder"], "TARGET": root["environment"], "CLOUDS": " ".join(root["clouds"])}
    return {**os.environ, **_find_accounts(root["environment"], role), **said, **root["logins"][role]}


def _find_accounts(environment: str, role: str) -> dict[str, str]:
    suffix = f"_{environment.upper().replace('-', '_')}"
    asked = [(name, f"{name}{suffix}{last}") for name in ACCOUNTS for last in ("", f"_{role.upper()}")]
    return {name: os.environ[key] for name, key in asked if os.environ.get(key)}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
