"""One folder of specs for all rule tests."""

import pytest

from tests.unit.rules.tiny import Bench


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Loads tiny environments."""
    return Bench(tmp_path_factory.mktemp("rules"))
