"""What Windows does differently, as far as Linux can show it.

Modules and attributes that only POSIX has are found by mypy (`make lint`, platform win32). The file
rules of Windows hold in `tests/support/windows`; what an agency does with its files passes there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from policy.base.files import keeps_folders_private, private_folder

ROOT = Path(__file__).parents[2]
RULES = ROOT / "tests" / "support" / "windows"
# An agency's files: frozen, encoded, opened, listed, destroyed; and those of frozen rows alone.
WHOLE_LIFE = "tests/integration/test_agency_retention.py"
FROZEN_ROWS = "tests/unit/test_prepared.py"


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(RULES), "WINDOWS_FOLDER": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("h = open('a', 'w'); os.replace('b', 'a')", "PermissionError"),
        ("h = open('b'); os.replace('b', 'a')", "PermissionError"),
        ("h = open('a'); os.unlink('a')", "PermissionError"),
        ("h = sqlite3.connect('a'); h.execute('create table t (x)'); os.unlink('a')", "Permission"),
        ("h = open('a'); shutil.rmtree('.')", "PermissionError"),
        ("os.rename('b', 'a')", "FileExistsError"),
        ("open('12:30.csv', 'w')", "OSError"),
        ("os.mkdir('akhir.')", "OSError"),
        ("os.replace('b', 'a'); os.unlink('a')", ""),
    ],
)
def test_the_rules_refuse_what_windows_refuses(tmp_path: Path, script: str, error: str) -> None:
    for name in "ab":
        (tmp_path / name).touch()
    moved = f"import os, shutil, sqlite3; os.chdir({str(tmp_path)!r}); {script}"
    ended = python(tmp_path, "-c", moved)
    assert (ended.returncode != 0) == bool(error), ended.stderr
    assert error in ended.stderr


@pytest.mark.parametrize(
    "passes",
    [
        FROZEN_ROWS,
        pytest.param(
            WHOLE_LIFE,
            marks=pytest.mark.thorough(
                "test_an_agency_keeps_and_destroys_its_files_under_these_rules"
            ),
        ),
    ],
)
def test_an_agency_keeps_and_destroys_its_files_under_these_rules(
    tmp_path: Path, passes: str
) -> None:
    ended = python(
        tmp_path, "-m", "pytest", "-q", "-n", "0", f"--basetemp={tmp_path / 'run'}", passes
    )
    assert ended.returncode == 0, ended.stdout[-5000:]
    assert "passed" in ended.stdout


def test_modules_that_only_posix_has_are_found(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import fcntl\nimport os\n\nfcntl.flock(1, 2)\nos.fork()\n", encoding="utf-8")
    found = {}
    for platform in ("linux", "win32"):
        cache = tmp_path / platform
        mypy = ["-m", "mypy", "--config-file=", f"--platform={platform}", f"--cache-dir={cache}"]
        ended = python(tmp_path, *mypy, str(wrong))
        found[platform] = [line for line in ended.stdout.splitlines() if "error:" in line]
    assert found["linux"] == []
    assert [line.split('"')[-2] for line in found["win32"]] == ["flock", "fork"]


def test_private_folders_are_private_where_python_can(tmp_path: Path) -> None:
    private_folder(tmp_path / "new" / "home")
    assert (tmp_path / "new" / "home").stat().st_mode & 0o777 == 0o700
    old, new = [(3, 11, 9), (3, 12, 3)], [(3, 11, 10), (3, 12, 4), (3, 13, 0), (3, 14, 1)]
    assert not any(keeps_folders_private("nt", version) for version in old)
    assert all(keeps_folders_private("nt", version) for version in new)
    assert keeps_folders_private("posix", (3, 11, 9))
