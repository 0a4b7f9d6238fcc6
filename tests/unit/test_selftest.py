"""`padan-encoder selftest`: what it calls fine is fine, and what is broken it names."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from encoder.encoding.clk import ClkEncoder
from encoder.encoding.terms import RowEncoder
from encoder.selftest import Standing, encodings, machine, vectors
from tests.support.programme import command

EVERY = {
    *("clock", "disk.room", "disk.writing", "disk.private", "console"),
    *(f"crypto.{name}" for name in vectors.VECTORS),
    *("encodings.plain", "encodings.default"),
}


def told(home: Path, code: int) -> dict[str, dict[str, Any]]:
    answer = command("padan-encoder", "--home", str(home), "--json", "selftest")
    assert answer.code == code, answer.err
    return {each["id"]: each for each in map(json.loads, answer.out.splitlines())}


def test_a_sound_machine_is_fine_and_nothing_is_left_behind(tmp_path: Path) -> None:
    checks = told(tmp_path / "not" / "yet", code=0)
    assert set(checks) == EVERY
    wrong = {name for name, each in checks.items() if each["standing"] == "fix"}
    assert not wrong
    assert all(bool(each["remedy"]) == (each["standing"] != "fine") for each in checks.values())
    assert list(tmp_path.iterdir()) == []


def test_the_stored_clks_are_those_of_clkhash() -> None:
    from clkhash.clk import generate_clks
    from clkhash.schema import from_json_dict

    rows = list(zip(*encodings.CLK_ROWS.values(), strict=True))
    peers = generate_clks(rows, from_json_dict(encodings.CLK_SCHEMA), encodings.CLK_SECRET)
    ours = ClkEncoder(encodings.CLK_SCHEMA, encodings.CLK_SECRET).encode(encodings.CLK_ROWS)
    assert [each.tobytes() for each in ours] == [each.tobytes() for each in peers]


def test_another_bit_in_an_encoding_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = RowEncoder.encode

    def flipped(*arguments: Any) -> Any:
        encoded = sound(*arguments).copy()
        encoded[0, -1] ^= np.uint8(1)
        return encoded

    monkeypatch.setattr(RowEncoder, "encode", flipped)
    checks = told(tmp_path, code=1)
    assert checks["encodings.default"]["standing"] == "fix"
    assert checks["encodings.plain"]["standing"] == "fine"


@pytest.mark.parametrize("name", vectors.VECTORS)
def test_an_algorithm_that_computes_something_else_is_named(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> bool:
        raise NotImplementedError

    monkeypatch.setitem(vectors.VECTORS, name, missing)
    wrong = [each.id for each in vectors.check_vectors() if each.standing is not Standing.FINE]
    assert wrong == [f"crypto.{name}"]


def test_a_clock_from_before_this_version_is_wrong() -> None:
    day = timedelta(days=1)
    assert machine.check_clock(machine.RELEASED + day).standing is Standing.FINE
    assert machine.check_clock(machine.RELEASED - day).standing is Standing.FIX


def test_a_full_disk_is_seen_before_it_is_full(tmp_path: Path) -> None:
    assert machine.check_room(tmp_path, 3 * 10**9).standing is Standing.FINE
    assert machine.check_room(tmp_path, 10**9).standing is Standing.LOOK


def test_a_folder_that_takes_no_files_is_named(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    shutil.rmtree(gone)
    assert machine.check_writing(gone).standing is Standing.FIX
