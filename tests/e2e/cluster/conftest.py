"""Control planes for the tests that have the marker `cluster`, one for each process that runs them."""

from collections.abc import Iterator

import pytest

from tests.e2e.cluster.controlplane import EVERYTHING, ControlPlane


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """etcd and an API server: enough to be asked what it thinks of an object."""
    with ControlPlane(tmp_path_factory.mktemp("api")) as plane:
        yield plane.start()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """All controllers too, so that what is applied comes to life on the nodes that a test makes."""
    with ControlPlane(tmp_path_factory.mktemp("cluster")) as plane:
        yield plane.start(EVERYTHING)
