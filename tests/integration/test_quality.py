"""`padan-encoder check` as an officer runs it: no home, no keys, no network."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = (
    "id,nama,lahir,jk,nik\n"
    "1,SITI AMINAH,14-03-1990,P,3171915403900001\n"
    "2,SUPARNO W4N,01-07-1970,L,3.17191E+15\n"
)
COMMAND = "check daftar.csv --mapping mapping.yaml".split()
MAPPING = "record_id: id\nfields: {nama: nama, lahir: lahir, jk: jk, nik: nik}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "daftar.csv").write_text(ROWS)
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    return tmp_path


def check(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "encoder", *COMMAND, *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PADAN_LANG": "en", "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_terminal_and_page(folder: Path) -> None:
    done = check(folder, "--html", "mutu.html")
    assert done.returncode == 0, done.stderr
    assert "Expected recall" in done.stdout
    assert "SUPARNO" not in done.stdout + (folder / "mutu.html").read_text("utf-8")
    assert {each.name for each in folder.iterdir()} == {"daftar.csv", "mapping.yaml", "mutu.html"}


def test_json(folder: Path) -> None:
    done = check(folder, "--json")
    found = json.loads(done.stdout)
    assert (found["type"], found["version"]) == ("padan/quality-report", 1)
    assert found["profile"]["nik"]["flags"] == {"NIK_SCI": 1}
    assert "years" not in found["profile"]["date"]
    assert sum(found["profile"]["date"]["ages"].values()) == 2
    assert "SUPARNO" not in done.stdout


@pytest.mark.parametrize("options", [("--show-values", "3"), ("--show-values", "3", "--json")])
def test_cells_are_not_shown_outside_a_terminal(folder: Path, options: tuple[str, ...]) -> None:
    done = check(folder, *options)
    assert done.returncode == 3
    assert "check.show-values" in done.stderr
    assert "SUPARNO" not in done.stdout + done.stderr


def test_cells_are_shown_on_a_terminal_when_asked_for(folder: Path) -> None:
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "encoder", *COMMAND, "--html", "mutu.html", "--show-values", "3"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PADAN_LANG": "en", "COLUMNS": "100"},
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    shown = b""
    try:
        while block := os.read(master, 4096):
            shown += block
    except OSError:
        pass  # Linux says so when the other end has closed
    os.close(master)
    assert process.wait() == 0
    assert b"personal data below" in shown
    assert b"SUPARNO W4N" in shown
    assert "SUPARNO" not in (folder / "mutu.html").read_text("utf-8")


def test_an_unknown_page_language(folder: Path) -> None:
    done = check(folder, "--page-language", "jv")
    assert done.returncode == 3
    assert "option.page-language" in done.stderr
