"""A platform with one target, a repository of sources, and the scripts that deliver from one to the other."""

import json
from pathlib import Path
from typing import Any

import yaml

from tests.tools.process import Done
from tests.unit.pipelines.scripts import SCRIPTS, git, start

TOKEN = "glpat-must-not-be-seen"

# What renders here: it writes the spec's images, so that a tree that belongs to another spec is seen.
TOOL = """
import json, pathlib, sys, yaml
base = pathlib.Path("base.yaml")
inherited = yaml.safe_load(base.read_text()) if base.exists() else {}
def load(spec):
    services = yaml.safe_load(spec.read_text())["services"]
    return {name: inherited.get(name, {}) | service for name, service in services.items()}
if sys.argv[1] == "render":
    for spec in pathlib.Path("specs").glob("*.yaml"):
        folder = pathlib.Path("rendered") / spec.stem
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "images.txt").write_text("".join(f"{k} {v['image']}\\n" for k, v in sorted(load(spec).items())))
else:
    print(json.dumps({"services": load(pathlib.Path(f"specs/{sys.argv[3]}.yaml"))}))
"""
SPEC = "# the target\nservices:\n  a: {image: 'r/a:v0@sha256:%s'}\n  b:\n    image: r/b:v0@sha256:%s # ours\n"


def image(name: str, digit: int) -> str:
    """A reference with a digest."""
    return f"r/{name}:v{digit}@sha256:{str(digit) * 64}"


class World:
    """A bare repository of specs, a repository of sources, and the scripts beside their facts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bare, self.source = folder / "platform.git", folder / "source"
        self.tool = folder / "tool.py"
        self.tool.write_text(TOOL, encoding="utf-8")
        git(folder, "init", "--quiet", "--bare", str(self.bare))
        work = folder / "work"
        git(folder, "clone", "--quiet", str(self.bare), str(work))
        (work / "specs").mkdir()
        (work / "specs" / "dev.yaml").write_text(SPEC % ("0" * 64, "0" * 64), encoding="utf-8")
        git(work, "add", "--all")
        git(work, "commit", "--quiet", "--message", "specs")
        git(work, "push", "--quiet", "origin", "HEAD:main")
        git(folder, "init", "--quiet", str(self.source))
        scripts = folder / "ci" / "scripts"
        scripts.mkdir(parents=True)
        for file in SCRIPTS.glob("*.py"):
            (scripts / file.name).write_bytes(file.read_bytes())
        target = {"name": "dev", "windows": [], "applications": [], "checks": [], "notes": "frozen at times"}
        platform = {"url": "unused", "server": "unused", "project": "trading/platform", "branch": "main"}
        facts = {"platform": platform, "environments": [target]}
        (folder / "ci" / "delivery.json").write_text(json.dumps(facts), encoding="utf-8")

    def commit(self, text: str) -> str:
        """A commit of the sources."""
        (self.source / "code").write_text(text, encoding="utf-8")
        git(self.source, "add", "--all")
        git(self.source, "commit", "--quiet", "--message", text)
        return git(self.source, "rev-parse", "HEAD").strip()

    def deliver(self, *arguments: str, revision: str = "1" * 40, **env: str) -> Done:
        """Run the script."""
        said = {
            "PLATFORM_URL": str(self.bare),
            "PLATFORM_SYSTEM": "plain",
            "PLATFORM_TOKEN": TOKEN,
            "REVISION": revision,
            "SPEC_TOOL": f"python3 {self.tool}",
            "MERGE_WAIT": "0.05",
            "WEB_PAUSE": "0.01",
            **env,
        }
        return start(self.folder / "ci" / "scripts" / "deliver.py", *arguments, cwd=self.source, env=said)

    def write(self, spec: dict[str, Any], base: dict[str, Any]) -> None:
        """Another spec, which inherits services."""
        work = self.folder / "work"
        (work / "specs" / "dev.yaml").write_text(yaml.safe_dump(spec), encoding="utf-8")
        (work / "base.yaml").write_text(yaml.safe_dump(base), encoding="utf-8")
        git(work, "add", "--all")
        git(work, "commit", "--quiet", "--message", "another spec")
        git(work, "push", "--quiet", "origin", "HEAD:main")

    def read(self, path: str, revision: str = "main") -> str:
        """A file of the platform's repository."""
        return git(self.bare, "show", f"{revision}:{path}")
