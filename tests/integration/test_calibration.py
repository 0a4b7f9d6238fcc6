"""A coordinator reads a calibration: on a terminal, as JSON and as a page.

Of 84 pairs without NIK 44 are wrong: siblings where each list has one of them. Nothing in the
run can tell them apart, so the figures must not claim to be sure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from linkage_service.cli.calibration_report import read_report
from tests.support.programme import Answer, command
from tests.support.service import BITS, TOKEN_BYTES, Town, make_rows

WITH_NIK, WITHOUT, SIBLINGS = 150, 40, 44
BOTH = WITH_NIK + WITHOUT + SIBLINGS
RUN = "padan-1"


def rows(dataset: str, persons: range) -> bytes:
    """From WITH_NIK on nobody has a NIK; the last SIBLINGS are other people in each list."""
    made = []
    for person in persons:
        row = make_rows(dataset, range(person, person + 1))
        if person >= WITH_NIK:
            own = hashlib.sha256(f"{dataset}/{person}".encode()).digest()[:TOKEN_BYTES]
            row = row[:-TOKEN_BYTES] + own
        if person >= WITH_NIK + WITHOUT:
            row = row[: -TOKEN_BYTES - BITS // 8] + siblings(dataset, row) + row[-TOKEN_BYTES:]
        made.append(row)
    return b"".join(sorted(made))


def siblings(dataset: str, row: bytes) -> bytes:
    """Another first name and date, which is not enough to be far apart."""
    bits = np.unpackbits(np.frombuffer(row[-TOKEN_BYTES - BITS // 8 : -TOKEN_BYTES], np.uint8))
    bits[np.random.default_rng([len(dataset), row[0]]).permutation(BITS)[:40]] ^= 1
    return np.packbits(bits).tobytes()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    persons = {"regsosek": range(BOTH), "dtks": range(BOTH), "carik": range(900, 1_000)}
    town = Town(tmp_path_factory.mktemp("town"), persons=persons)
    for dataset in ("regsosek", "dtks"):
        town.rows[dataset] = rows(dataset, persons[dataset])
    town.lock("service")
    with town.serving():
        town.agree()
        for dataset in town.persons:
            town.upload(dataset)
        town.match(RUN)
        yield town


def asked(town: Town, *options: str, out: Path | None = None) -> Answer:
    home = str(town.members["service"].home.path)
    common = ("--home", home, "--passphrase-file", str(town.folder / "passphrase"), *options)
    page = () if out is None else ("--out", str(out))
    answer = command("padan-linkage", *common, "calibration", town.project_id, RUN, *page)
    assert answer.code == 0, answer.err
    return answer


@pytest.fixture(params=["id", "en"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("policy.base.words._chosen", request.param)
    return str(request.param)


def found(town: Town) -> dict[str, Any]:
    pairs = asked(town, "--json").json()[0]["pairs"]
    of_both = [each for each in pairs if (each["left"], each["right"]) == ("regsosek", "dtks")]
    assert of_both
    first: dict[str, Any] = of_both[0]
    return first


def intervals(facts: dict[str, Any]) -> list[dict[str, int]]:
    every = [facts["precision_ppm"], facts["recall_ppm"]]
    every += [band["right_ppm"] for band in facts["bands"]]
    for at in facts["curve"]:
        every += [at["precision_ppm"], at["recall_ppm"]]
    return every


def test_no_interval_has_no_width_and_nothing_is_advised_to_be_left(town: Town) -> None:
    pair = found(town)
    facts = pair["facts"]
    assert facts["nik_pairs"] == WITH_NIK
    assert facts["other_pairs"] == WITHOUT + SIBLINGS
    for each in intervals(facts):
        assert each["low"] < each["high"]
        assert each["low"] <= each["estimate"] <= each["high"]
    assert facts["precision_ppm"]["low"] < 930_000, "84 pairs cannot say more"
    advised = " ".join(words["en"] for words in pair["advice"])
    assert "leave them" not in advised
    assert "84 pairs without NIK are too few" in advised


def test_each_figure_says_in_json_who_it_does_not_see(town: Town) -> None:
    unseen = found(town)["unseen"]
    assert set(unseen) == {"precision_ppm", "recall_ppm", "bands", "curve"}
    for words in unseen.values():
        assert words["id"]
        assert words["en"]
    for figure in ("precision_ppm", "bands"):
        for kind in ("siblings", "twins", "namesakes"):
            assert kind in unseen[figure]["en"]
        for kind in ("saudara", "kembar", "senama"):
            assert kind in unseen[figure]["id"]
    assert "without a NIK" in unseen["recall_ppm"]["en"]


def test_the_terminal_says_it_next_to_the_figure(town: Town, language: str) -> None:
    lines = (asked(town).out + asked(town).err).splitlines()
    unseen = found(town)["unseen"]
    figures = {"id": ("Presisi", "Cakupan"), "en": ("Precision of", "Recall: ")}[language]
    for figure, key in zip(figures, ("precision_ppm", "recall_ppm"), strict=True):
        at = next(n for n, line in enumerate(lines) if line.startswith(figure) and "%" in line)
        assert lines[at + 1] == unseen[key][language]
    share = lines[next(n for n, line in enumerate(lines) if line.startswith(figures[0]))]
    low, high = share.partition("(")[2].partition(")")[0].split("–")
    assert low != high


def test_the_page_says_it_next_to_its_tables(town: Town, language: str, tmp_path: Path) -> None:
    asked(town, out=tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    for words in found(town)["unseen"].values():
        assert words[language].replace("'", "&#x27;") in page


def test_what_an_earlier_build_stored_is_shown_with_a_width(town: Town) -> None:
    path = f"/projects/{town.project_id}/runs/{RUN}/calibration"
    stored = json.loads(town.session("service").get(path))
    for pair in stored["pairs"]:
        if pair["facts"] is not None:
            del pair["facts"]["free_rows"]
            for each in intervals(pair["facts"]):
                each |= {"low": each["estimate"], "high": each["estimate"]}
    for search in stored["search"]:
        for name in ("least_ppm", "near_reached", "near_found"):
            del search[name]
    shown = read_report(stored).as_json()
    known = [pair["facts"] for pair in shown["pairs"] if pair["facts"] is not None]
    assert known
    assert all(each["low"] < each["high"] for facts in known for each in intervals(facts))
