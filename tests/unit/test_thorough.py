"""The marker `thorough`: what it names is there, and pytest refuses it where it is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = """
import sys
sys.path.insert(0, {root!r})
from tests.support import thorough

def pytest_configure(config):
    config.addinivalue_line("markers", "thorough(default): a repetition")
    config.pluginmanager.register(thorough)
"""
HEAD = "import pytest\n\n"
SMALL = "def test_small(): pass\n\n"
ON_TWO = """
@pytest.mark.parametrize("on", ["one", pytest.param("two", marks=pytest.mark.thorough("test_it"))])
def test_it(on): pass
"""


def marked(argument: str, name: str = "test_large") -> str:
    return f"@pytest.mark.thorough({argument})\ndef {name}(): pass\n\n"


def run(folder: Path, source: str, *options: str) -> subprocess.CompletedProcess[str]:
    tests = folder / "tests"
    tests.mkdir()
    root = str(Path(__file__).parents[2])
    (tests / "conftest.py").write_text(CONFTEST.format(root=root))
    (tests / "test_a.py").write_text(HEAD + source)
    (tests / "test_b.py").write_text("def test_other(): pass\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, "--rootdir", str(folder), *(options or (str(tests),))],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("source", "without"),
    [(SMALL + marked('"test_small"'), 2), (marked('"test_b.py::test_other"'), 1), (ON_TWO, 2)],
    ids=["of the same module", "of another module", "another parameter"],
)
def test_a_test_of_the_default_suite_is_named(tmp_path: Path, source: str, without: int) -> None:
    done = run(tmp_path, source, "-m", "not thorough", "tests")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{without} passed, 1 deselected" in done.stdout


def test_a_file_that_is_given_runs_whole(tmp_path: Path) -> None:
    done = run(tmp_path, SMALL + marked('"test_small"'))
    assert done.returncode == 0
    assert "3 passed" in done.stdout


NUMBER = """
from tests.support.thorough import how_many
def test_it(): assert how_many(7, default=3) == {expected}
"""


@pytest.mark.parametrize(("options", "expected"), [(("-m", "not thorough"), 3), ((), 7)])
def test_the_default_suite_takes_its_own_number(
    tmp_path: Path, options: tuple[str, ...], expected: int
) -> None:
    done = run(tmp_path, NUMBER.format(expected=expected), *options, "tests")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "source",
    [
        marked(""),
        marked('"test_gone"'),
        marked('"test_b.py::test_gone"'),
        marked('"test_large"'),
        marked('"test_large"') + marked('"test_large"', "test_larger"),
    ],
    ids=["nothing", "no such test", "none in the other module", "itself", "a thorough one"],
)
def test_any_other_marker_is_refused(tmp_path: Path, source: str) -> None:
    done = run(tmp_path, source)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "thorough(" in done.stderr or "in the default suite" in done.stderr
