"""Images are built once, so environments build alike."""

from typing import Any

from hftgen.calendars import Calendars
from hftgen.check.builds import find_unheard_builds
from hftgen.facts.derive import derive
from hftgen.spec.load import Loaded
from tests.unit.facts.sites import IMAGE, load_spec


def make(name: str, tier: str, requires: dict[str, str] | None = None, **build: Any) -> Loaded:
    """An environment with a build of gcc 13, Conan, and packages of its service."""
    section = {"compiler": {"name": "gcc", "version": "13"}, "packages": "conan", **build}
    service = {"image": IMAGE, "build": {"requires": requires or {}}}
    return load_spec({"web": service}, environment=name, tier=tier, build=section)


def tell(*environments: Loaded) -> list[tuple[str, str]]:
    """Environments and messages."""
    loaded = {str(each.environment.environment): each for each in environments}
    contexts = {name: derive(each, Calendars()) for name, each in loaded.items()}
    return [(each.environment, each.message) for each in find_unheard_builds(contexts, loaded.__getitem__)]


def test_who_builds_otherwise_is_told() -> None:
    """HFT-X69: production's build holds, whatever stands first by name; each field that differs is named."""
    told = tell(make("alpha", "development", standard=17, cache="ccache"), make("omega", "production"))
    assert told == [("alpha", "alpha says otherwise than omega, whose build holds for all images: cache, standard")]


def test_packages_of_services_count() -> None:
    """One list of packages is built for all environments."""
    ((name, message),) = tell(make("alpha", "development", {"fmt": "11.0.2"}), make("omega", "production"))
    assert (name, message.rpartition(" ")[2]) == ("alpha", "requires")


def test_equal_builds_are_right() -> None:
    """So is an environment that says nothing of builds."""
    silent = load_spec({"web": {"image": IMAGE}}, environment="silent")
    assert tell(make("alpha", "development"), make("omega", "production"), silent) == []
    assert tell(silent) == []
