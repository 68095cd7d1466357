from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.servers import Servers, running

# what is made up is the same at each run, and a slow machine fails nothing; ./run soak makes up anew
SLOW = [HealthCheck.too_slow]
settings.register_profile("test", derandomize=True, deadline=None, database=None, suppress_health_check=SLOW)
settings.register_profile("soak", deadline=None, suppress_health_check=SLOW)


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("soak" if config.option.markexpr == "soak" else "test")


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL and S3 (an emulator), started once by the first test that asks."""
    with running() as found:
        yield found
