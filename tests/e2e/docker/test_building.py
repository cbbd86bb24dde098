"""A Dockerfile's own commands, run on this machine: they build, install and test a real C++ project with its presets.

What only a Docker engine could tell stays untold: whether the base images have the packages, and mounts.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools import pins
from tests.tools.process import Done, run

pytestmark = pytest.mark.delivery

SAMPLE = Path(__file__).parent.parent / "build" / "sample"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
SPEC = """
apiVersion: hftgen/v1
project: sample
environment: development
tier: development
gitops: {{repoURL: "https://git.example.com/sample/config.git"}}
kubernetes: {{version: "1.36"}}
clusters: {{local: {{cloud: kind}}}}
ci: {{systems: [gitlab], registry: registry.example.com/sample}}
build:
  compiler: {{name: gcc, version: "{version}"}}
  platforms: [linux/{architecture}]
  presets: [release]
  container: {{builder: "debian:12", runtime: "gcr.io/distroless/cc-debian12:nonroot"}}
services:
  trading-engine:
    workload: stateful
    instances: single
    image: registry.example.com/sample/trading-engine:v1
    volumes: {{journal: {{path: /var/lib/journal, size: 1Gi}}}}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with what is rendered for it, as its repository would have it, and its Dockerfile."""
    config, folder = tmp_path_factory.mktemp("config"), tmp_path_factory.mktemp("project")
    version = subprocess.run(["g++", "-dumpversion"], capture_output=True, text=True, check=True).stdout.partition(".")[
        0
    ]
    (config / "specs").mkdir()
    text = SPEC.format(version=version.strip(), architecture=ARCHITECTURES[platform.machine()])
    (config / "specs" / "development.yaml").write_text(text, encoding="utf-8")
    done = run([Path(sys.executable).with_name("hftgen"), "render"], cwd=config)
    assert done.code == 0, done.both()
    shutil.copytree(SAMPLE, folder, dirs_exist_ok=True)
    shutil.copytree(config / "rendered/repository/build", folder, dirs_exist_ok=True)
    shutil.copytree(config / "rendered/repository/docker", folder / "docker")
    return folder


def list_commands(project: Path) -> list[str]:
    """The shell commands of the Dockerfile from the first that needs the sources on."""
    text = (project / "docker/trading-engine/Dockerfile").read_text(encoding="utf-8")
    lines = "\n".join(line for line in text.partition("\nCOPY . .\n")[2].splitlines() if not line.startswith("#"))
    commands = re.findall(r"^RUN (.*)$", lines.replace("\\\n", " "), re.MULTILINE)
    return [re.sub(r"--mount=\S+\s*", "", command) for command in commands]


def execute(project: Path, command: str) -> Done:
    """One command as the Dockerfile's SHELL would run it, with /out and /tmp/preset inside the project's folder."""
    command = re.sub(r"(?<![\w.])/out\b", str(project / "out"), command).replace("/tmp/preset", str(project / "preset"))
    path = f"{pins.PYTHON / 'bin'}:{os.environ['PATH']}"
    env = {"TARGETARCH": ARCHITECTURES[platform.machine()], "PATH": path}
    return run(["bash", "-euo", "pipefail", "-c", command], cwd=project, env=env)


def test_its_commands_build_install_and_test(project: Path) -> None:
    """The program is where the last stage looks for it, with what it links to beside the C library, and starts."""
    for command in list_commands(project):
        done = execute(project, command)
        assert done.code == 0, f"{command}\n{done.both()}"
    program = project / "out/bin/trading-engine"
    assert run([program], env={"LD_LIBRARY_PATH": str(project / "out/lib")}).code == 0
    linked = run(["ldd", program]).out
    copied = {file.name for file in (project / "out/lib").iterdir()}
    assert ("libstdc++.so.6" in copied) == ("libstdc++.so.6" in linked)
    assert "libc.so.6" not in copied
    assert (project / "out/volumes/var/lib/journal").is_dir()


def test_an_architecture_without_a_preset_is_refused(project: Path) -> None:
    """Nothing else is built in its place."""
    command = list_commands(project)[0].replace("${TARGETARCH}", "riscv64")
    done = execute(project, command)
    assert done.code == 1
    assert "no image is made for riscv64" in done.err
