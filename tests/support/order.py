"""The order of the tests: another one each run, the same on every worker, long modules first.

`PADAN_TEST_SEED=... pytest` repeats the order of a run; its header names the seed. Modules
keep together, so that a module's fixtures are made once. Those that take longest start first:
started last, one of them would keep one core busy while the others wait.
"""

from __future__ import annotations

import os
import random
from itertools import groupby

import pytest

SEED = "PADAN_TEST_SEED"

# By CPU time, longest first; a module that is not named here takes less than these.
LONG = (
    "integration/test_demo.py",
    "security/test_probes.py",
    "integration/test_durability.py",
    "security/test_evidence_tampering.py",
    "security/test_canary_guessing.py",
    "security/test_unlawful_service.py",
    "integration/test_story.py",
    "integration/test_delta.py",
    "security/test_owner_learns.py",
    "integration/test_service_retention.py",
    "security/test_canary_lies.py",
    "integration/test_open_leaves.py",
    "integration/test_roster_commands.py",
    "integration/test_one_party_alone.py",
    "browser/test_officer_page.py",
    "integration/test_service_time.py",
    "integration/test_agency_retention.py",
    "integration/test_flood.py",
    "integration/test_objections.py",
    "integration/test_run_interrupted.py",
)


def pytest_configure() -> None:
    # In the environment, so that the workers that are started next have it too.
    os.environ.setdefault(SEED, str(random.SystemRandom().randrange(10**6)))


def pytest_report_header() -> str:
    return f"order of the tests: {SEED}={os.environ[SEED]}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = shuffle(items, os.environ[SEED])


def shuffle(items: list[pytest.Item], seed: str) -> list[pytest.Item]:
    """Modules in an order drawn from the seed after the long ones, and each module's tests too."""
    rng = random.Random(seed)
    modules = [list(tests) for _, tests in groupby(items, key=_module)]
    rng.shuffle(modules)
    for tests in modules:
        rng.shuffle(tests)
    modules.sort(key=lambda tests: _rank(_module(tests[0])))
    return [test for tests in modules for test in tests]


def _module(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _rank(module: str) -> int:
    return next((at for at, name in enumerate(LONG) if module.endswith(name)), len(LONG))
