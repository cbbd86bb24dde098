"""What belongs to all environments together is taken from one of them."""

from typing import Any

from hftgen.facts.repository import derive_repository


def context(tier: str, *built: str) -> dict[str, Any]:
    """A context as far as the choice looks at it."""
    services = {name: {"recipe": f"{tier}'s"} for name in built}
    return {"tier": tier, "services": {"other": {}, **services}, "local": f"{tier}'s"}


def test_production_says_how_an_image_is_built() -> None:
    """The highest tier that builds it; the others' recipes are left out."""
    contexts = {"a": context("development", "x", "y"), "b": context("production", "y"), "c": context("staging", "x")}
    found = {name: env["services"] for name, env in derive_repository(contexts).items()}
    recipes = {
        name: [key for key, service in services.items() if "recipe" in service] for name, services in found.items()
    }
    assert recipes == {"a": [], "b": ["y"], "c": ["x"]}


def test_the_lowest_tier_is_a_developers_machine() -> None:
    """One platform is on it."""
    contexts = {"a": context("production"), "b": context("development"), "c": context("staging")}
    assert [name for name, env in derive_repository(contexts).items() if "local" in env] == ["b"]
