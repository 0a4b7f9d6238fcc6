"""Hardened rows in a notebook: encoded as a bundle has them, matched as a run matches them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import padan
from encoder.encoding.project_keys import ProjectKeys
from encoder.encoding.terms import RowEncoder, identifiers
from linkage_service.intake.arrays import RunData
from linkage_service.matching import EncodedDataset, from_bytes
from linkage_service.runs import outcome, plans
from padan.hardened import encoded_datasets
from policy.charter import Charter, parse_charter
from policy.statements import RunOrder
from tests.benchmarks.quality.methods import default_charter, tagged_charter
from tests.benchmarks.quality.sources import FIELDS, TUTORIAL, write
from tests.support.tables import cells, made

SECRET = b"k" * 32
NAMES = ("dtks", "regsosek")


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Two lists of a synthetic city with who each row is, as tables of Polars."""
    folder = tmp_path_factory.mktemp("city")
    write(folder, 1200, 5, NAMES, {})
    truth = (folder / "truth.csv").read_text().splitlines()[1:]
    person = {tuple(line.split(",")[:2]): line.split(",")[2] for line in truth}
    tables = {}
    for name in NAMES:
        mapping = TUTORIAL / f"mapping-{name}.yaml"
        source = padan.read_source(folder / f"{name}.csv", mapping, FIELDS, backend="polars")
        columns = cells(source.rows)
        columns["person"] = [person[name, each] for each in columns["record_id"]]
        tables[name] = made(columns, "polars")
    return tables


def encoded(rows: dict[str, Any], charter: Charter, secret: bytes = SECRET) -> list[Any]:
    return [
        padan.encode_hardened(padan.normalise(rows[name], charter), charter, secret)
        for name in NAMES
    ]


def with_matching(charter: Charter, **changes: Any) -> Charter:
    tree = json.loads(charter.canonical())
    tree["matching"] |= changes
    return parse_charter(json.dumps(tree).encode())


def as_a_run(charter: Charter, sides: list[Any]) -> list[tuple[int, int, bool]]:
    """The pairs of a run of the service over these rows: rows, certain or not."""
    import narwhals as nw

    from padan.frames import filters

    both: list[EncodedDataset] = encoded_datasets(
        [filters(nw.from_native(each, eager_only=True), "encoded") for each in sides], charter
    )
    data = RunData(NAMES, both, [])
    terms = charter.matching
    order = RunOrder(
        at=0,
        purpose="uji",
        domains=("uji",),
        thresholds_ppm=terms.thresholds_ppm,
        nik_floor_ppm=terms.nik_floor_ppm,
    )
    plan = plans.whole(data, charter, order, 500)
    parts = [from_bytes(plan.job.result(unit)) for unit in plan.units]
    found = outcome.candidates(data, charter, order, parts)
    standing = outcome.standing(found, data, charter, order)
    certain = set(zip(*(c.tolist() for c in standing.certain().columns()[3:]), strict=True))
    ends = zip(*(column.tolist() for column in standing.columns()[3:]), strict=True)
    return [(left, right, (left, right) in certain) for left, right in ends]


@pytest.mark.parametrize(
    "charter",
    [
        default_charter(),
        tagged_charter(1_000),
        with_matching(default_charter(), order="household"),
        with_matching(default_charter(), top_k=2),
    ],
    ids=["default", "tags", "household", "top-k"],
)
def test_pairs_are_those_of_a_run_in_its_order(rows: dict[str, Any], charter: Charter) -> None:
    sides = encoded(rows, charter)
    found = cells(padan.compare(*sides, charter=charter))
    ours = zip(found["left_row"], found["right_row"], found["certain"], strict=True)
    assert list(ours) == as_a_run(charter, sides)
    assert len(found["certain"]) > 300
    assert all(0 < each <= 2 for each in found["similarity"])


def test_rows_are_encoded_as_a_bundle_has_them(rows: dict[str, Any]) -> None:
    charter = default_charter()
    normal = padan.normalise(rows["dtks"], charter)
    told: list[tuple[int, int]] = []
    made_here = padan.encode_hardened(
        normal, charter, padan.Secret(SECRET), progress=lambda *done: told.append(done)
    )
    encoder = RowEncoder(charter, ProjectKeys(SECRET, charter.terms_digest()))
    columns = cells(normal)
    found = cells(made_here)["encoded"]
    handles = [row[:16] for row in found]
    expected = encoder.encode_columns(handles, [columns[name] for name in identifiers(charter)])
    assert found == [row.tobytes() for row in expected]
    assert len(set(handles)) == len(handles)
    assert told[-1] == (len(found), len(found))
    assert cells(made_here)["record_id"] == columns["record_id"]


def test_a_linkage_is_good_under_one_secret_and_nothing_under_two(rows: dict[str, Any]) -> None:
    charter = default_charter()
    sides = encoded(rows, charter)
    truth = padan.true_pairs(*(rows[name] for name in NAMES))
    score = padan.score(padan.link(padan.compare(*sides, charter=charter)), truth)
    assert score.precision.value > 0.99
    assert score.recall.value > 0.85
    others = encoded(rows, charter, b"another secret of the other side")
    nothing = padan.compare(sides[0], others[1], charter=charter)
    assert cells(padan.link(nothing))["row"] == []


def test_one_list_is_searched_for_duplicates(rows: dict[str, Any]) -> None:
    charter = default_charter()
    twice = {name: cells_ + cells_[:30] for name, cells_ in cells(rows["dtks"]).items()}
    first = len(twice["person"]) - 30
    table = padan.normalise(made(twice, "polars"), charter)
    pairs = padan.compare(padan.encode_hardened(table, charter, SECRET), charter=charter)
    found = cells(pairs)
    ends = set(zip(found["left_row"], found["right_row"], strict=True))
    assert all(left < right for left, right in ends)
    assert sum((row, first + row) in ends for row in range(30)) >= 28


def test_uncertain_pairs_are_shown_and_left_out_of_groups(rows: dict[str, Any]) -> None:
    charter = default_charter()
    wide = with_matching(
        charter,
        review_ppm={name: ppm - 60_000 for name, ppm in charter.matching.thresholds_ppm.items()},
    )
    pairs = padan.compare(*encoded(rows, wide), charter=wide)
    certain = cells(pairs)["certain"]
    assert True in certain
    assert False in certain
    # Those that are certain come first.
    assert certain == sorted(certain, reverse=True)
    few, more = padan.link(pairs), padan.link(pairs, uncertain=True)
    assert len(cells(few)["row"]) < len(cells(more)["row"])


def test_rows_of_other_terms_and_short_secrets_are_refused(rows: dict[str, Any]) -> None:
    charter = default_charter()
    normal = padan.normalise(rows["dtks"], charter)
    side = padan.encode_hardened(normal, charter, SECRET)
    for call, code in (
        (lambda: padan.compare(side, side, charter=tagged_charter(1_000)), "compare.terms"),
        (lambda: padan.encode_hardened(normal, charter, b"short"), "secret.short"),
        (lambda: padan.encode_hardened(rows["dtks"], charter, SECRET), "frame.columns"),
    ):
        with pytest.raises(padan.BadInput) as error:
            call()
        assert error.value.code == code


def test_an_empty_list_has_no_pairs(rows: dict[str, Any]) -> None:
    charter = default_charter()
    normal = padan.normalise(rows["dtks"], charter)
    side, nobody = (padan.encode_hardened(each, charter, SECRET) for each in (normal, normal[:0]))
    assert cells(padan.compare(side, nobody, charter=charter))["left_row"] == []


def test_a_charter_of_other_rules_is_refused(rows: dict[str, Any]) -> None:
    tree = json.loads(default_charter().canonical())
    tree["encoding"]["rules_digest"] = "0" * 64
    charter = parse_charter(json.dumps(tree).encode())
    with pytest.raises(padan.Refused) as error:
        padan.encode_hardened(padan.normalise(rows["dtks"], charter), charter, SECRET)
    assert error.value.code == "terms.rules"


def test_a_charter_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "charter.json").write_bytes(default_charter().canonical())
    assert padan.load_charter(tmp_path / "charter.json") == default_charter()
