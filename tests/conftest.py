from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers import Servers, running


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL and S3 (an emulator), started once by the first test that asks."""
    with running() as found:
        yield found
