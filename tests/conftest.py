"""What every test gets: loopback alone, no silent skips, and databases of both kinds.

The order of the tests is that of `tests/support/order.py`.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import fields
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from policy.terminal import console
from tests.support import order, stored, tally, thorough
from tests.support.databases import KINDS
from tests.support.network import loopback_alone
from tests.support.order import pytest_xdist_auto_num_workers
from tests.support.passphrases import each_passphrase_derived_once
from tests.support.postgres import Cluster, PostgresMissingError, running_cluster
from tests.support.skips import pytest_make_collect_report, pytest_runtest_makereport

__all__ = [
    "pytest_make_collect_report",
    "pytest_runtest_makereport",
    "pytest_xdist_auto_num_workers",  # asked for before pytest is configured
]

# Every core has a test process already: linear algebra on threads of its own would have each wait
# for the others. Read as numpy is loaded, here and in what the tests start.
assert "numpy" not in sys.modules
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Thousands of tests and all their modules stay until the end. Looking for garbage among them again
# and again takes longer than many a test; what the tests make themselves is collected as ever.
gc.disable()


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(order)
    config.pluginmanager.register(tally)
    config.pluginmanager.register(thorough)


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


# How long an example takes says something of the machine and of its other work, not of the code.
settings.register_profile(
    "padan", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("padan")


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    with loopback_alone():
        yield


@pytest.fixture(scope="session", autouse=True)
def passphrases() -> Iterator[None]:
    with each_passphrase_derived_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def stored_projects(tmp_path_factory: pytest.TempPathFactory) -> None:
    stored.keep_in(tmp_path_factory)


def _forget_options() -> None:
    """The options as they are before any command line was read."""
    fresh = console.Options()
    for field in fields(fresh):
        setattr(console.options, field.name, getattr(fresh, field.name))


@pytest.fixture(autouse=True)
def options_of_each_test() -> Iterator[None]:
    """No test sees the options of another command line, nor those of a fixture of its module."""
    _forget_options()
    yield
    _forget_options()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A running cluster, started when the first test of this process asks for it."""
    pytest.importorskip("psycopg", reason='psycopg is not installed: pip install "padan[postgres]"')
    try:
        with running_cluster() as cluster:
            yield cluster
    except PostgresMissingError as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def postgres_url(postgres: Cluster) -> str:
    """The administrator's URL of the cluster."""
    return postgres.url()


@pytest.fixture(params=KINDS)
def new_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Each call gives the URL of another empty database; the test runs once on each kind."""
    if request.param == "sqlite":
        numbers = count(1)
        yield lambda: f"sqlite:///{tmp_path / f'database-{next(numbers)}.db'}"
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    with ExitStack() as databases:
        yield lambda: databases.enter_context(cluster.fresh_database())


@pytest.fixture
def database_url(new_database_url: Callable[[], str]) -> str:
    """The URL of an empty database; the test runs once on SQLite and once on PostgreSQL."""
    return new_database_url()
