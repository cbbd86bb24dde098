"""Images by digest, with programs in the place of BuildKit and cosign that write down what they are asked."""

from pathlib import Path

import pytest

from tests.tools.process import Done
from tests.unit.pipelines.scripts import SCRIPTS, start

DIGEST = "sha256:" + "1" * 64
DOCKER = f"""#!/bin/sh
echo "docker $*" >> "$SAID"
case "$*" in
  *"imagetools create"*) exit "$CREATED" ;;
  *"imagetools inspect"*) echo '"{DIGEST}"' ;;
esac
"""
COSIGN = """#!/bin/sh
echo "cosign $*" >> "$SAID"
case "$1" in verify*) exit "$VERIFIED" ;; esac
"""
TRIVY = "#!/bin/sh\nexit 0\n"


def publish(folder: Path, verb: str, created: int, verified: int) -> tuple[Done, str]:
    """Run the script; what the programs were asked."""
    for name, text in (("docker", DOCKER), ("cosign", COSIGN), ("trivy", TRIVY)):
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)
    (folder / "images").mkdir()
    (folder / "images" / "cart.amd64.digest").write_text(DIGEST, encoding="utf-8")
    said = folder / "said"
    env = {
        "PATH": f"{folder}:/usr/bin:/bin", "SAID": str(said), "CREATED": str(created), "VERIFIED": str(verified),
        "IMAGE": "cart", "REPOSITORY": "r/cart", "REVISION": "0" * 40, "SIGNER": "s", "ISSUER": "i",
        "VERSION": "v1.0.0",
    }  # fmt: skip
    done = start(SCRIPTS / "image.sh", verb, cwd=folder, env=env)
    return done, said.read_text(encoding="utf-8")


def test_what_is_published_is_signed(tmp_path: Path) -> None:
    """The digest that the registry names is signed, and is what is delivered."""
    done, said = publish(tmp_path, "publish", created=0, verified=1)
    assert done.code == 0, done.both()
    assert f"cosign sign --yes --recursive r/cart@{DIGEST}" in said
    assert (tmp_path / "images" / "cart.ref").read_text(encoding="utf-8").strip() == f"r/cart:{'0' * 40}@{DIGEST}"


@pytest.mark.parametrize("verified", [0, 1])
def test_a_pipeline_that_runs_again_signs_only_its_own(tmp_path: Path, verified: int) -> None:
    """Where the commit's tag cannot be written again, what it names must have our signature already."""
    done, said = publish(tmp_path, "publish", created=1, verified=verified)
    assert (done.code == 0) == (verified == 0)
    assert ("cosign sign" in said) == (verified == 0)


def test_what_nobody_signed_is_not_released(tmp_path: Path) -> None:
    """A version's name is given to nothing that we did not sign."""
    done, said = publish(tmp_path, "release", created=0, verified=1)
    assert done.code != 0
    assert "imagetools create" not in said
