"""With PADAN_REQUIRE_ALL=1 nothing may be skipped: each skip becomes a failure.

An expected failure (`xfail`) is no skip and stays what it is.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest


def everything_is_required() -> bool:
    return os.environ.get("PADAN_REQUIRE_ALL") == "1"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if everything_is_required() and report.skipped and not hasattr(report, "wasxfail"):
        _fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if everything_is_required() and report.skipped:
        _fail(report)
    return report


def _fail(report: pytest.TestReport | pytest.CollectReport) -> None:
    report.outcome = "failed"
    if isinstance(report.longrepr, tuple):
        path, line, reason = report.longrepr
        where = f"{path}:{line}: "
    else:
        where, reason = "", str(report.longrepr)
    report.longrepr = f"{where}skipped though PADAN_REQUIRE_ALL=1: {reason}"
