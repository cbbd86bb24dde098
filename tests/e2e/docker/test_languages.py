"""Dockerfiles of all languages, run on this machine for the layouts that real repositories have."""

import os
import platform
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml

from tests.e2e.docker.dockerfile import execute, list_steps
from tests.tools.process import Done, run
from tests.tools.toolchain import find_go

pytestmark = pytest.mark.delivery

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
SPEC = """
apiVersion: hftgen/v1
project: shop
environment: development
tier: development
gitops: {repoURL: "https://git.example.com/shop/config.git"}
kubernetes: {version: "1.36"}
clusters: {local: {cloud: kind}}
services: {}
"""
GO = {"go.mod": "module example.com/shop\n\ngo 1.20\n"}
MAIN = "package main\n\nfunc main() { println(1) }\n"
# In place of Cargo: a program that links to something, where Cargo would put it.
CARGO = """#!/bin/sh
echo "$*"
mkdir -p "$CARGO_TARGET_DIR/release"
cp /bin/ls "$CARGO_TARGET_DIR/release/matcher"
"""
JARS = "#!/bin/sh\nmkdir -p {0}\n" + "".join(
    f"head -c {size} /dev/zero > {{0}}/{name}.jar\n"
    for name, size in (("app-1.4.0", 9), ("app-1.4.0-all", 99), ("app-1.4.0-sources", 999), ("app-api-1.4.0", 999))
)

Build = Callable[..., tuple[Path, list[Done]]]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Renders a service's Dockerfile and runs its builder and test on sources: the image's root, and what was said."""

    def make(name: str, said: Mapping[str, str], sources: Mapping[str, str]) -> tuple[Path, list[Done]]:
        image, spec = tmp_path / "image", yaml.safe_load(SPEC)
        spec["services"] = {name: {"image": f"registry.example.com/shop/{name}:v1", "build": dict(said)}}
        (tmp_path / "specs").mkdir()
        (tmp_path / "specs/development.yaml").write_text(yaml.safe_dump(spec), encoding="utf-8")
        done = run([Path(sys.executable).with_name("hftgen"), "render"], cwd=tmp_path)
        assert done.code == 0, done.both()
        for path, text in sources.items():
            file = image / "src" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        text = (tmp_path / f"rendered/repository/docker/{name}/Dockerfile").read_text(encoding="utf-8")
        path = os.pathsep.join((str(tmp_path / "bin"), str(find_go((1, 20)).parent), os.environ["PATH"]))
        env = {"PATH": path, "TARGETOS": "linux", "TARGETARCH": ARCHITECTURES[platform.machine()]}
        return image, [execute(step, image, env) for step in list_steps(text)]

    return make


def insist(done: list[Done]) -> None:
    """Everything must have succeeded."""
    assert [each.both() for each in done if each.code] == []


@pytest.mark.parametrize(
    ("directory", "main"),
    [(".", "cmd/shipping/main.go"), (".", "main.go"), ("src/shipping", "main.go")],
)
def test_go_has_its_program_below_cmd_or_in_the_module(build: Build, directory: str, main: str) -> None:
    """A repository of one program keeps it in the module's own folder; a module may lie in any folder."""
    sources = {f"{directory}/{path}": text for path, text in {**GO, main: MAIN}.items()}
    image, done = build("shipping", {"language": "go", "directory": directory}, sources)
    insist(done)
    assert run([image / "out/bin/shipping"]).code == 0


@pytest.mark.parametrize("directory", [".", "crates/matcher"])
def test_rust_builds_a_member_of_a_workspace(build: Build, directory: str, tmp_path: Path) -> None:
    """Cargo keeps what it makes in the workspace's root wherever it is called, unless it is told a folder."""
    cargo = tmp_path / "bin/cargo"
    cargo.parent.mkdir()
    cargo.write_text(CARGO, encoding="utf-8")
    cargo.chmod(0o755)
    image, done = build("matcher", {"language": "rust", "directory": directory}, {f"{directory}/Cargo.toml": ""})
    insist(done)
    assert done[1].out == "test --release --locked\n"
    assert run([image / "out/bin/matcher"]).code == 0
    copied = {file.name for file in (image / "out/lib").iterdir()}
    linked = run(["ldd", "/bin/ls"]).out
    assert ("libselinux.so.1" in copied) == ("libselinux.so.1" in linked)
    assert "libc.so.6" not in copied


@pytest.mark.parametrize("folder", ["build/libs", "app/build/libs", "target"])
def test_java_takes_the_jar_that_holds_everything(build: Build, folder: str) -> None:
    """A jar's name ends in its version, and beside it lie its sources, and one without or with all that it needs."""
    image, done = build("app", {"language": "java"}, {"gradlew": JARS.format(folder)})
    insist(done)
    assert (image / "out/app/app.jar").stat().st_size == 99


def test_java_without_such_a_jar_says_so(build: Build) -> None:
    """Not `install: cannot stat`."""
    _, done = build("other", {"language": "java"}, {"gradlew": JARS.format("target")})
    assert done[0].code == 1
    assert "no other.jar or other-VERSION.jar was made" in done[0].err


def test_python_needs_no_package(build: Build) -> None:
    """A folder of modules runs as it is; its tests run, and a module of a service with a hyphen has none."""
    modules = {
        "risk_gateway/__main__.py": "print(7)\n",
        "risk_gateway/__init__.py": "",
        "test_it.py": "import risk_gateway, unittest\n\nclass T(unittest.TestCase):\n    def test(self): pass\n",
        "requirements.txt": "",
        "pyproject.toml": "[tool.ruff]\nline-length = 120\n",
    }
    sources = {f"services/risk/{path}": text for path, text in modules.items()}
    image, done = build("risk-gateway", {"language": "python", "directory": "services/risk"}, sources)
    insist(done)
    assert "Ran 1 test" in done[1].err or "1 passed" in done[1].out
    started = run([sys.executable, "-m", "risk_gateway"], env={"PYTHONPATH": str(image / "out/app")})
    assert started.out == "7\n"
    file = image.parent / "rendered/repository/docker/risk-gateway/Dockerfile"
    assert 'ENTRYPOINT ["python3", "-m", "risk_gateway"]' in file.read_text(encoding="utf-8")


def test_python_that_is_a_package_is_installed(build: Build, tmp_path: Path) -> None:
    """By the tool that its pyproject.toml asks for, which no image has: pip fetches it."""
    pip = tmp_path / "bin/pip"
    pip.parent.mkdir()
    pip.write_text('#!/bin/sh\necho "$*"\n', encoding="utf-8")
    pip.chmod(0o755)
    package = {"pyproject.toml": '[project]\nname = "app"\nversion = "1"\n', "requirements.lock": ""}
    image, done = build("app", {"language": "python"}, package)
    assert done[0].out.splitlines() == [
        f"install --require-hashes --target {image}/out/app -r requirements.lock",
        f"install --no-deps --target {image}/out/app .",
    ]
