"""The order of the tests: long modules first; with a seed, a drawn order.

`PADAN_TEST_SEED=7 pytest` draws an order of modules, and of the tests of each, that is the same on
every worker. Modules keep together, so that a module's fixtures are made once. Those that take
longest start first: started last, one of them would keep one core busy while the others wait.
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
    "integration/test_demo_dtsen.py",
    "security/test_probes.py",
    "security/test_probes_dense.py",
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
    "integration/test_next_region.py",
)


def pytest_report_header() -> str:
    seed = os.environ.get(SEED)
    return f"order of the tests: {'as written' if seed is None else f'{SEED}={seed}'}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    seed = os.environ.get(SEED)
    items[:] = longest_first(items) if seed is None else shuffle(items, seed)


def longest_first(items: list[pytest.Item]) -> list[pytest.Item]:
    """The long modules, then the others, each module's tests as they are written."""
    return sorted(items, key=lambda item: _rank(_module(item)))


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
