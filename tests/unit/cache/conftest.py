"""Where the tests of the cache happen."""

from pathlib import Path

import pytest

from tests.unit.cache.support import READ, Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site whose environment was rendered and remembered."""
    site = Site(tmp_path)
    for name, data in READ.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert site.render()
    return site
