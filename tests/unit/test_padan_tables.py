"""Tables of pandas, Polars and Arrow give the same results; errors name columns and rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import narwhals as nw
import pytest

import padan
from encoder.encoding.clk import ClkEncoder
from tests.support.tables import BACKENDS, cells, made

SECRET = b"rahasia kedua pihak, 32 bita ya!"
KINDS: dict[str, Any] = {"nama": "name", "lahir": "date", "nik": "nik"}
PEOPLE = {
    "id": ["a1", "a2", "a3"],
    "nama": ["Siti Aminah, S.Pd", None, "H. Budi  Santoso"],
    "lahir": ["17-08-1945", "1980-02-31", "2 Januari 1990"],
    "nik": ["3174095708450001", "", "3174090101900002"],
}


def schema(*names: str) -> dict[str, object]:
    def feature(name: str) -> dict[str, object]:
        hashing = {
            "comparison": {"type": "ngram", "n": 2, "positional": False},
            "strategy": {"bitsPerFeature": 100},
            "hash": {"type": "blakeHash"},
            "missingValue": {"sentinel": ""},
        }
        form = {"type": "string", "encoding": "utf-8"}
        return {"identifier": name, "format": form, "hashing": hashing}

    kdf = {"type": "HKDF", "hash": "SHA256", "info": "", "salt": "c2FsdA==", "keySize": 64}
    ignored = {"identifier": "not-used", "ignored": True}
    features = [ignored, *map(feature, names)]
    return {"version": 3, "clkConfig": {"l": 1024, "kdf": kdf}, "features": features}


@pytest.mark.parametrize("backend", BACKENDS)
def test_normalising_keeps_other_columns_and_the_order_of_rows(backend: str) -> None:
    given = made(PEOPLE, backend)
    normal = padan.normalise(given, KINDS)
    assert type(normal) is type(given)
    assert cells(normal) == {
        "id": ["a1", "a2", "a3"],
        "nama": ["AMINAH SITI", "", "BUDI SANTOSO"],
        "lahir.year": ["1945", "1980", "1990"],
        "lahir.month": ["8", "", "1"],
        "lahir.day": ["17", "", "2"],
        "nik": ["3174095708450001", "", "3174090101900002"],
    }
    assert cells(given)["nama"] == PEOPLE["nama"], "the table that was given is not changed"


@pytest.mark.parametrize("backend", BACKENDS)
def test_plain_clks_are_those_of_the_command(backend: str) -> None:
    normal = padan.normalise(made(PEOPLE, backend), KINDS)
    encoded = padan.encode_plain(normal, schema("nama", "lahir.year"), SECRET, record_id="id")
    assert type(encoded) is type(normal)
    found = cells(encoded)
    assert found["record_id"] == PEOPLE["id"]
    columns = cells(normal)
    expected = ClkEncoder(schema("nama", "lahir.year"), SECRET).encode(
        {name: columns[name] for name in ("nama", "lahir.year")} | {"not-used": [""] * 3}
    )
    assert found["clk"] == [row.tobytes() for row in expected]
    kinds = nw.from_native(encoded, eager_only=True).schema
    assert kinds["clk"] == (nw.Object() if backend == "pandas" else nw.Binary())
    assert kinds["record_id"] == nw.String()


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_linkage_is_the_same_in_every_library(backend: str) -> None:
    left = {"record_id": ["l1", "l2", "l3"], "nama": ["SITI AMINAH", "BUDI SANTOSO", "AGUS"]}
    right = {"record_id": ["r1", "r2"], "nama": ["BUDI SANTOSA", "SITI AMINA"]}
    sides = [
        padan.encode_plain(made(each, backend), schema("nama"), SECRET) for each in (left, right)
    ]
    told: list[tuple[int, int]] = []
    pairs = padan.compare(*sides, threshold=0.5, progress=lambda *done: told.append(done))
    groups = padan.link(pairs)
    assert told[-1] == (6, 6)
    assert type(pairs) is type(groups) is type(sides[0])
    columns = "left_dataset left_row right_dataset right_row left_id right_id similarity".split()
    assert list(cells(pairs)) == columns
    assert cells(groups) == {
        "group": [0, 0, 1, 1],
        "dataset": [0, 1, 0, 1],
        "row": [0, 1, 1, 0],
        "record_id": ["l1", "r2", "l2", "r1"],
    }
    truth = made({"left_id": ["l1", "l2", "l3"], "right_id": ["r2", "r1", "r9"]}, backend)
    assert padan.score(groups, truth) == padan.Score(correct=2, found=2, true=3)
    no_pairs = padan.compare(*sides, threshold=1)
    assert list(cells(no_pairs)) == columns
    assert cells(padan.link(no_pairs))["group"] == []
    assert "<svg" in padan.score_distribution(no_pairs, truth).svg("en")


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_source_is_read_whole_into_any_library(tmp_path: Path, backend: Any) -> None:
    (tmp_path / "list.csv").write_text(
        "No,Nama,Tgl Lahir,NIK\n7,Siti,17-08-1945,3174095708450001\n\n8,Budi,1-1-1990,\n"
    )
    mapping = {
        "record_id": "No",
        "fields": {"nama": "Nama", "lahir": "Tgl Lahir", "nik": "NIK"},
    }
    told: list[tuple[int, int]] = []
    source = padan.read_source(
        tmp_path / "list.csv",
        mapping,
        backend=backend,
        progress=lambda *done: told.append(done),
    )
    assert cells(source.rows) == {
        "row_number": [1, 3],
        "record_id": ["7", "8"],
        "nama": ["Siti", "Budi"],
        "lahir": ["17-08-1945", "1-1-1990"],
        "nik": ["3174095708450001", ""],
    }
    assert cells(source.refused) == {"row_number": [2], "rule": ["blank-row"]}
    assert cells(source.damaged) == {"field": [], "row_number": [], "rule": []}
    assert told == [(3, 0)]
    assert "Siti" not in repr(source)


def test_a_mapping_is_proposed_where_none_is_given(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("NIK,Nama,Tanggal Lahir\n3174095708450001,Siti,1945-08-17\n")
    source = padan.read_source(tmp_path / "list.csv")
    assert cells(source.rows)["nama"] == ["Siti"]
    assert source.mapping.fields["lahir"] == "Tanggal Lahir"


def test_payload_columns_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Nama,Desil\nSiti,1\n")
    mapping = {"record_id": None, "fields": {"nama": "Nama", "desil": "Desil"}}
    with pytest.raises(padan.BadInput) as error:
        padan.read_source(tmp_path / "list.csv", mapping)
    assert error.value.code == "mapping.payload"


def test_a_table_is_checked_as_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "nama,lahir,nik\nSiti,17-08-1945,3174095708450001\nBudi,,123\nTIDAK DIKETAHUI,,\n"
    )
    mapping = {"record_id": None, "fields": {name: name for name in KINDS}}
    rows = {
        "nama": ["Siti", "Budi", "TIDAK DIKETAHUI"],
        "lahir": ["17-08-1945", None, None],
        "nik": ["3174095708450001", "123", None],
    }
    of_file = padan.check(tmp_path / "list.csv", mapping, KINDS)
    of_table = padan.check(made(rows, "polars"), fields=KINDS)
    assert cells(of_table.fields) == cells(of_file.fields)
    assert cells(of_table.findings) == cells(of_file.findings)
    assert cells(of_table.fields)["rows_unusable"] == [0, 0, 1]
    assert of_table.rows == 3
    page = of_table.html("en")
    assert "<html" in page
    assert "Siti" not in page + of_table._repr_html_() + repr(of_table)
    assert of_table.as_json()["type"] == "padan/quality-report"


def test_a_nik_that_was_read_as_a_float_is_refused() -> None:
    frame = made({"nama": ["SITI", "BUDI"], "nik": [None, 3174095708450010.0]}, "pandas")
    with pytest.raises(padan.BadInput) as error:
        padan.normalise(frame, {"nama": "name", "nik": "nik"})
    assert error.value.code == "frame.digits"
    assert "'nik', row 1" in error.value.problem.en
    assert "31740957" not in str(error.value)
    whole = made({"nama": ["SITI"], "nik": [3174095708450001]}, "pandas")
    assert cells(padan.normalise(whole, {"nik": "nik"}))["nik"] == ["3174095708450001"]


def test_dates_of_a_table_need_no_order() -> None:
    frame = made({"lahir": [date(1945, 8, 17), None]}, "polars")
    found = cells(padan.normalise(frame, {"lahir": "date"}))
    assert (found["lahir.month"], found["lahir.day"]) == (["8", ""], ["17", ""])
    american = made({"lahir": ["08/07/1945"]}, "pandas")
    read = padan.normalise(american, {"lahir": "date"}, orders={"lahir": "month-first"})
    assert (cells(read)["lahir.month"], cells(read)["lahir.day"]) == (["8"], ["7"])


def test_rows_that_a_schema_refuses_are_numbered_over_the_whole_table() -> None:
    of = schema("jk")
    of["features"][1]["format"] = {"type": "enum", "values": ["L", "P"]}  # type: ignore[index]
    wrong = ["L"] * 25_000
    wrong[3] = wrong[24_000] = "RAHASIA"
    with pytest.raises(padan.BadInput) as error:
        padan.encode_plain(made({"jk": wrong}, "polars"), of, SECRET)
    assert error.value.rows == (3, 24_000)  # type: ignore[attr-defined]
    assert "RAHASIA" not in str(error.value)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda f: padan.normalise(f, {"alamat": "address"}), "frame.columns"),
        (lambda f: padan.normalise({"nama": []}, {"nama": "name"}), "frame.type"),
        (lambda f: padan.encode_plain(f, schema("lain"), SECRET), "frame.columns"),
        (lambda f: padan.encode_plain(f, schema("nama"), b""), "secret.empty"),
        (lambda f: padan.encode_plain(f, schema("nama"), SECRET, record_id="x"), "frame.columns"),
        (lambda f: padan.encode_plain(f, {"version": 9}, SECRET), "schema.invalid"),
        (lambda f: padan.load_schema("no-such-schema"), "file.missing"),
        (lambda f: padan.compare(f, f, threshold=0.5), "frame.columns"),
        (lambda f: padan.compare(threshold=0.5), "compare.arguments"),
        (lambda f: padan.compare(f, f), "compare.arguments"),
        (lambda f: padan.link(f), "frame.columns"),
        (lambda f: padan.score(f, f), "frame.columns"),
    ],
)
def test_errors_have_codes_and_say_what_to_do(call: Any, code: str) -> None:
    frame = made({"nama": ["SITI RAHASIA"]}, "pandas")
    with pytest.raises(padan.PadanError) as error:
        call(frame)
    assert error.value.code == code
    for words in (error.value.problem, error.value.hint):
        assert words.id
        assert words.en
        assert "RAHASIA" not in words.id + words.en


def test_the_index_of_a_pandas_table_does_not_matter() -> None:
    """Filtered and repeated index labels: rows are known by position."""
    import pandas

    people = {"record_id": ["a", "b", "c"], "nama": ["SITI AMINAH", "BUDI SANTOSO", "AGUS WIJAYA"]}
    plain, odd = pandas.DataFrame(people), pandas.DataFrame(people, index=[9, 9, 3])
    results = []
    for frame in (plain, odd):
        normal = padan.normalise(frame[frame.record_id != "b"], {"nama": "name"})
        side = padan.encode_plain(normal, schema("nama"), SECRET)
        pairs = padan.compare(side, side, threshold=0.05)
        apart = pairs[pairs.left_row != 0]
        truth = made({"left_id": ["c"], "right_id": ["c"]}, "pandas")
        ids = pandas.DataFrame({"record_id": ["c"], "match_id": ["m"], "grade": [None]}, index=[77])
        joined = padan.join_release(normal, ids)
        results.append(
            (
                cells(padan.link(apart)),
                cells(padan.threshold_table(apart, truth, [0.5, 0.9])),
                cells(joined),
            )
        )
        assert joined.index.tolist() == normal.index.tolist()
    assert results[0] == results[1]
    assert results[0][0]["record_id"] == ["c", "c"]
    assert results[0][2]["match_id"] == [None, "m"]
