"""`padan-policy charter check|lint` say what a charter allows, in numbers and in words."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from policy.charter.allowances import HEADS
from policy.terminal import console
from tests.support.programme import command
from tests.support.republic import charter_tree


@pytest.fixture
def charter(tmp_path: Path) -> Path:
    path = tmp_path / "charter.yaml"
    path.write_text(yaml.safe_dump(charter_tree()), encoding="utf-8")
    return path


@pytest.mark.parametrize("asked", ["check", "lint"])
def test_the_allowances_are_data_as_well(charter: Path, tmp_path: Path, asked: str) -> None:
    answer = command(
        "padan-policy", "--home", str(tmp_path), "--json", "charter", asked, str(charter)
    )
    [told] = [each["allowances"] for each in answer.json() if "allowances" in each]
    assert [each["recipient"] for each in told] == [["bps"], ["dinsos"], ["dppapp"]]
    dinsos = told[1]
    assert dinsos["bits_before_stages"] == 0
    parts = ("bits_before_stages", "bits_of_releases", "bits_of_counts", "bits_of_refusals")
    assert dinsos["bits"] == sum(dinsos[part] for part in parts) > 0
    assert dinsos["smallest_cell"] == charter_tree()["release"]["minimum_cell"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_table_is_in_both_languages(
    charter: Path, tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PADAN_LANG", language)
    monkeypatch.setattr(console.out, "_width", 200)
    answer = command("padan-policy", "--home", str(tmp_path), "charter", "check", str(charter))
    assert all(getattr(head, language) in answer.out for head in HEADS)
