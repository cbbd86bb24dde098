"""vcpkg: its files follow its published schemas, and presets go through it to our toolchain file.

vcpkg itself is no package of an index; what stands here are the rules of its schemas for the fields that we write.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.build.conftest import Lay
from tests.e2e.build.project import Project, name_target

pytestmark = pytest.mark.delivery

HERE = name_target()
REQUIRES = {"boost": "1.86.0", "fmt": "11.0.2"}
WORD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
KEPT = re.compile(r"prn|aux|nul|con|lpt[1-9]|com[1-9]|core|default")
FIELDS = {"name", "version", "dependencies", "overrides"}
# As vcpkg.cmake does: it includes the toolchain file that it is given, and looks for its triplet and manifest.
STAND_IN = """
foreach(name VCPKG_CHAINLOAD_TOOLCHAIN_FILE VCPKG_TARGET_TRIPLET)
  list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES ${name})
  if(NOT ${name})
    message(FATAL_ERROR "${name} is not said")
  endif()
endforeach()
include("${VCPKG_CHAINLOAD_TOOLCHAIN_FILE}")
get_filename_component(root "${VCPKG_CHAINLOAD_TOOLCHAIN_FILE}/../.." ABSOLUTE)
foreach(file vcpkg.json triplets/${VCPKG_TARGET_TRIPLET}.cmake)
  if(NOT EXISTS "${root}/${file}")
    message(FATAL_ERROR "no ${file}")
  endif()
endforeach()
"""


def read(folder: Path, name: str) -> Any:
    """A JSON file."""
    return json.loads((folder / name).read_text(encoding="utf-8"))


def test_the_manifest_follows_the_schema(committed: Path) -> None:
    """Known fields, names of its grammar that are not kept, a version for each package and nothing twice."""
    manifest = read(committed, "vcpkg.json")
    assert set(manifest) <= FIELDS
    names = manifest["dependencies"]
    assert len(set(names)) == len(names)
    assert [override["name"] for override in manifest["overrides"]] == names
    for name in [*names, *([manifest["name"]] if "name" in manifest else [])]:
        assert WORD.fullmatch(name)
        assert not KEPT.fullmatch(name)
    for override in manifest["overrides"]:
        assert set(override) == {"name", "version"}
        assert re.fullmatch(r"[^#]+", override["version"])


def test_the_baseline_is_a_commit(committed: Path) -> None:
    """In full, as the schema asks; the triplets are where they are said to be."""
    configuration = read(committed, "vcpkg-configuration.json")
    assert set(configuration) == {"default-registry", "overlay-triplets"}
    assert set(configuration["default-registry"]) == {"kind", "baseline"}
    assert re.fullmatch(r"[0-9a-f]{40}", configuration["default-registry"]["baseline"])
    (folder,) = configuration["overlay-triplets"]
    assert {file.suffix for file in (committed / folder).iterdir()} == {".cmake"}


def test_a_triplet_is_a_script_of_cmake(plain: Project, lay: Lay) -> None:
    """It says all that vcpkg asks of one, and its toolchain file is there."""
    folder = lay(packages="vcpkg", requires=REQUIRES).folder / "triplets"
    wanted = ("TARGET_ARCHITECTURE", "CRT_LINKAGE", "LIBRARY_LINKAGE", "CMAKE_SYSTEM_NAME", "C_FLAGS", "CXX_FLAGS")
    files = sorted(folder.iterdir())
    assert len(files) == 8
    for file in files:
        assert WORD.fullmatch(file.stem)
        lines = [f'include("{file}")', 'file(REAL_PATH "${VCPKG_CHAINLOAD_TOOLCHAIN_FILE}" chained)']
        lines += [f'if(NOT VCPKG_{name})\n  message(FATAL_ERROR "{name}")\nendif()' for name in wanted]
        lines += ['if(NOT EXISTS "${chained}")\n  message(FATAL_ERROR "${chained}")\nendif()']
        script = plain.folder.parent / "triplet.cmake"
        script.write_text("\n".join(lines), encoding="utf-8")
        plain.insist("cmake", "-P", script)


def test_presets_go_through_vcpkg_to_our_toolchain(lay: Lay, tmp_path: Path) -> None:
    """With a stand-in for vcpkg.cmake, which is told all that the real one needs."""
    stand_in = tmp_path / "scripts" / "buildsystems" / "vcpkg.cmake"
    stand_in.parent.mkdir(parents=True)
    stand_in.write_text(STAND_IN, encoding="utf-8")
    project = lay(packages="vcpkg", requires=REQUIRES)
    for variant in ("debug", "release", "tsan"):
        project.insist("cmake", "--workflow", "--preset", f"{HERE}-{variant}", VCPKG_ROOT=str(tmp_path))


def test_conan_s_names_alone_make_no_manifest(lay: Lay) -> None:
    """Beside Conan the manifest is an offer, which needs names that vcpkg can say."""
    folder = lay(packages="conan", requires={"nlohmann_json": "3.11.3"}).folder
    assert (folder / "conanfile.py").exists()
    assert not (folder / "vcpkg.json").exists()
    assert not (folder / "triplets").exists()
