"""The order of the tests: long modules first; with a seed, a drawn order.

`PADAN_TEST_SEED=draw pytest` draws a seed and prints it; `PADAN_TEST_SEED=7` gives the order of
that seed again, the same on every worker. `PADAN_TEST_SEED=reverse` turns the order round: together
with the order as written it shows pairs of tests of which one needs or disturbs the other.
`.ci/run` takes its seed from the tree of the commit.
Modules keep together, so that a module's fixtures are made once. Those that take longest start
first: started last, one of them would keep one core busy while the others wait.

Every test passes by itself and in any order: a story is one test whose steps have names.
"""

from __future__ import annotations

import os
import random
import secrets
from itertools import groupby

import pytest

SEED, DRAW, REVERSE = "PADAN_TEST_SEED", "draw", "reverse"

# By processor time, longest first; a module that is not named here takes less than these.
LONG = (
    "integration/test_demo.py",
    "security/test_probes.py",
    "integration/test_demo_dtsen.py",
    "security/test_probes_dense.py",
    "browser/test_officer_page.py",
    "integration/test_durability.py",
    "integration/test_two_processes.py",
    "integration/test_story.py",
    "integration/test_febrl4.py",
    "security/test_canary_guessing.py",
    "integration/test_wheelhouse.py",
    "security/test_unlawful_service.py",
    "integration/test_run_interrupted.py",
    "integration/test_service_retention.py",
    "security/test_evidence_tampering.py",
    "integration/test_edges.py",
    "integration/test_delta.py",
    "security/test_owner_learns.py",
    "security/test_canary_lies.py",
    "integration/test_service_time.py",
    "browser/test_approver_page.py",
    "integration/test_succession.py",
    "integration/test_go.py",
    "integration/test_open_leaves.py",
    "integration/test_roster_commands.py",
    "integration/test_one_party_alone.py",
    "integration/test_agency_retention.py",
    "integration/test_contrary_evidence.py",
    "integration/test_flood.py",
    "integration/test_objections.py",
    "integration/test_next_region.py",
    "integration/test_first_linkage.py",
    "integration/test_attributes.py",
    "integration/test_field_review.py",
    "integration/test_coverage.py",
)


def pytest_configure() -> None:
    """The first process draws; the workers that it starts have its environment."""
    if os.environ.get(SEED) == DRAW:
        os.environ[SEED] = str(secrets.randbelow(1_000_000))


def pytest_report_header() -> str:
    return f"order of the tests: {told()}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Once more where something failed: `-q` has no header, and that of a long run is far away."""
    if terminalreporter.getreports("failed") or terminalreporter.getreports("error"):
        terminalreporter.write_line(f"order of the tests: {told()}")


def told() -> str:
    seed = os.environ.get(SEED)
    return f"{SEED}={seed}" if seed else "as written"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    seed = os.environ.get(SEED)
    if seed == REVERSE:
        items[:] = items[::-1]
    else:
        items[:] = shuffle(items, seed) if seed else longest_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: tests wait for servers, browsers and databases."""
    return (os.cpu_count() or 1) + 1


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
