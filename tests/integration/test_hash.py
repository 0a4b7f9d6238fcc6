"""`padan-encoder hash`: a CLK for every row, or an error that names the row."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.programme import Answer, command, expect

COLUMNS = ("id", "nama", "lahir", "alamat")
SECRET = "rahasia"
HEADER = ",".join(COLUMNS)


def feature(name: str, **changes: Any) -> dict[str, Any]:
    hashing: dict[str, Any] = {
        "comparison": {"type": "ngram", "n": 2, "positional": False},
        "strategy": {"bitsPerFeature": 60},
        "hash": {"type": "blakeHash"},
    }
    form = {"type": "string", "encoding": "utf-8"}
    return {"identifier": name, "format": form, "hashing": hashing} | changes


def schema(*features: dict[str, Any], **config: Any) -> dict[str, Any]:
    kdf = {"type": "HKDF", "hash": "SHA256", "info": "", "salt": "c2FsdA==", "keySize": 64}
    own = features or tuple(map(feature, COLUMNS[1:]))
    ignored = {"identifier": "id", "ignored": True}
    return {
        "version": 3,
        "clkConfig": {"l": 1024, "kdf": kdf} | config,
        "features": [ignored, *own],
    }


def hashed(folder: Path, data: bytes, of: object = None, *options: str) -> Answer:
    folder.mkdir(exist_ok=True)
    (folder / "rows.csv").write_bytes(data)
    written = of if isinstance(of, str) else json.dumps(schema() if of is None else of)
    (folder / "schema.json").write_text(written)
    (folder / "secret").write_text(SECRET)
    files = ("--schema", "schema.json", "--secret-file", "secret", "--out", "out.json")
    placed = (word if word.startswith("--") else str(folder / word) for word in files)
    file = str(folder / "rows.csv")
    return command("padan-encoder", "--json", "hash", file, *placed, *options)


def clks(folder: Path) -> list[str]:
    written: list[str] = json.loads((folder / "out.json").read_text())["clks"]
    return written


def of_clkhash(text: str, of: dict[str, Any], header: bool | str = True) -> list[str]:
    """What clkhash 0.17 makes of the file; it opens files with universal line ends."""
    from clkhash.clk import generate_clk_from_csv
    from clkhash.schema import from_json_dict
    from clkhash.serialization import serialize_bitarray

    read = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"))
    made = generate_clk_from_csv(
        read, SECRET, from_json_dict(of), header=header, progress_bar=False, max_workers=1
    )
    return [serialize_bitarray(clk) for clk in made]


def test_a_stray_quote_swallows_nobody(tmp_path: Path) -> None:
    rows = [
        "1,BUDI SANTOSO,1980-03-12,JL MAWAR 1",
        '2,SITI AMINAH,1981-04-13,"JL MELATI',
        "3,AGUS WIJAYA,1982-05-14,JL ANGGREK 3",
        '4,DEWI LESTARI,1983-06-15,JL KENANGA"',
        "5,EKO PRATAMA,1984-07-16,JL DAHLIA 5",
    ]
    answer = hashed(tmp_path, "\n".join([HEADER, *rows, ""]).encode())
    assert "2" in expect(answer, "file.csv").problem.en
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        (["1,BUDI,1980,JL A", '2,"SITI" X,1981,JL B', "3,AGUS,1982,JL C"], 2),
        (["1,BUDI,1980,JL A", '2,SITI,1981,"JL B', "3,AGUS,1982,JL C"], 2),
        (["1,BUDI,1980,JL A", '2,"SITI,1981,JL B', '3,AGUS",1982,JL C'], 2),
        (["1,BUDI,1980,JL A", "", "3,AGUS,1982,JL C"], 2),
        (["1,BUDI,1980,JL A", "2,SITI,1981,JL B,RT 3"], 2),
        (["1,BUDI,1980"], 1),
    ],
)
def test_a_row_that_is_none_is_named(tmp_path: Path, rows: list[str], number: int) -> None:
    answer = hashed(tmp_path, "\n".join([HEADER, *rows, ""]).encode())
    assert f"data row {number}" in expect(answer, "file.csv").problem.en
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize("place", ["1,BUDI\0SANTOSO,1980,JL", "1,BUDI,1980,JL\0", "\0"])
def test_a_nul_is_refused(tmp_path: Path, place: str) -> None:
    answer = hashed(tmp_path, f"{HEADER}\n{place}\n".encode())
    assert "line 2" in expect(answer, "file.nul").problem.en
    assert not (tmp_path / "out.json").exists()


def test_what_the_schema_refuses_is_named_by_its_row_in_the_file(tmp_path: Path) -> None:
    """Rows are encoded ten thousand at a time; numbers are those of the file."""
    sex = feature("nama", format={"type": "enum", "values": ["L", "P"]})
    rows = [f"{number},L" for number in range(1, 10_004)]
    rows[10_001] = "10002,RAHASIA-SEKALI"
    answer = hashed(tmp_path, "\n".join(["id,nama", *rows, ""]).encode(), schema(sex))
    error = expect(answer, "clk.values")
    assert "data row 10002" in error.problem.en
    assert "RAHASIA-SEKALI" not in answer.err
    assert not (tmp_path / "out.json").exists()


CELL = st.text(st.sampled_from("ABC ,\n\r\t'É"), max_size=6)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(CELL, CELL, CELL, CELL), min_size=1, max_size=8))
def test_as_many_clks_as_rows_and_those_of_clkhash(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    """Or an error: a cell of several lines may look as if it had swallowed rows."""
    folder = tmp_path_factory.mktemp("hash")
    quoted = (",".join(f'"{cell}"' for cell in row) for row in rows)
    text = "\r\n".join([HEADER, *quoted, ""])
    answer = hashed(folder, text.encode())
    if answer.error is not None:
        expect(answer, "file.csv")
        assert any("\n" in cell or "\r" in cell for row in rows for cell in row)
        return
    assert answer.json()[0]["rows"] == len(rows)
    assert clks(folder) == of_clkhash(text, schema())


def test_line_ends_inside_a_cell_are_those_that_clkhash_reads(tmp_path: Path) -> None:
    text = f'{HEADER}\r\n1,BUDI,1980,"JL MAWAR\r\nRT 3"\r\n'
    assert hashed(tmp_path, text.encode()).code == 0
    assert clks(tmp_path) == of_clkhash(text, schema())


def test_white_space_is_stripped_unless_it_is_to_stay(tmp_path: Path) -> None:
    from clkhash.clk import generate_clks
    from clkhash.schema import from_json_dict
    from clkhash.serialization import serialize_bitarray

    row = ("1", " BUDI ", "1980", "JL MAWAR ")
    text = f"{HEADER}\n{','.join(row)}\n"
    hashed(tmp_path, text.encode())
    assert clks(tmp_path) == of_clkhash(text, schema())
    assert hashed(tmp_path, text.encode(), None, "--keep-spaces", "--force").code == 0
    # As clkhash 0.18.2 encodes a row: the cells as they are.
    kept = generate_clks([row], from_json_dict(schema()), SECRET, max_workers=1)
    assert clks(tmp_path) == [serialize_bitarray(clk) for clk in kept]
    assert clks(tmp_path) != of_clkhash(text, schema())


ROWS = ["1,BUDI,1980,JL A", "2,SITI,1981,JL B"]
OTHER_NAMES = "nomor,nama lengkap,tgl,jalan"


@pytest.mark.parametrize(
    ("first", "options", "header"),
    [
        ([OTHER_NAMES], ("--check-header", "false"), "ignore"),
        ([], ("--no-header",), False),
        ([HEADER], ("--check-header", "true"), True),
    ],
)
def test_a_header_is_checked_skipped_or_not_there(
    tmp_path: Path, first: list[str], options: tuple[str, ...], header: bool | str
) -> None:
    """As clkhash reads the same file with the same option."""
    text = "\n".join([*first, *ROWS, ""])
    assert hashed(tmp_path, text.encode(), None, *options).code == 0
    assert clks(tmp_path) == of_clkhash(text, schema(), header)
    assert len(clks(tmp_path)) == len(ROWS)


@pytest.mark.parametrize("options", [(), ("--check-header", "true")])
def test_a_header_of_other_names_is_refused_unless_it_is_skipped(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    text = "\n".join([OTHER_NAMES, *ROWS, ""]).encode()
    assert (
        "--check-header" in expect(hashed(tmp_path, text, None, *options), "file.columns").hint.en
    )


def test_a_row_of_another_width_is_refused_without_a_header_too(tmp_path: Path) -> None:
    text = "\n".join([ROWS[0], "2,SITI,1981", ""]).encode()
    answer = hashed(tmp_path, text, None, "--no-header")
    assert "data row 2" in expect(answer, "file.csv").problem.en


def test_a_long_cell_needs_no_table_as_wide_as_itself(tmp_path: Path) -> None:
    rows = [f"1,{'AB' * 100_000},1980,JL A", "2,SITI,1981,JL B"]
    assert hashed(tmp_path, "\n".join([HEADER, *rows, ""]).encode()).code == 0
    assert len(clks(tmp_path)) == 2


DEEP = 100_000
NESTED = {"description": "x"}
for _ in range(40):
    NESTED = {"description": NESTED}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("[" * DEEP, "schema.syntax"),
        ('{"version": 3, "a": ' + "[" * DEEP + "]" * DEEP + "}", "schema.syntax"),
        ('{"a":' * DEEP + "1" + "}" * DEEP, "schema.syntax"),
        (" " * (1 << 20) + "{}", "file.too-large"),
        (schema() | {"note": NESTED}, "schema.bounds"),
        (schema(l=1 << 40), "schema.bounds"),
        (schema(l=1e300), "schema.bounds"),
        (schema(l=60_000, xor_folds=2), "schema.bounds"),
        (schema(xor_folds=10**9), "schema.bounds"),
        (schema(kdf={"type": "HKDF", "keySize": 10**12}), "schema.bounds"),
        (schema(*[feature(f"f{at}") for at in range(1_000)]), "schema.bounds"),
    ],
)
def test_an_absurd_schema_is_refused(tmp_path: Path, written: object, code: str) -> None:
    expect(hashed(tmp_path, f"{HEADER}\n".encode(), written), code)


@pytest.mark.parametrize(
    ("comparison", "strategy"),
    [
        ({"type": "ngram", "n": 10**9}, {"bitsPerFeature": 60}),
        ({"type": "ngram", "n": 2}, {"bitsPerFeature": 10**12}),
        ({"type": "ngram", "n": 2}, {"bitsPerToken": 10**12}),
        ({"type": "numeric", "thresholdDistance": 1, "resolution": 10**9}, {"bitsPerToken": 2}),
        (
            {
                "type": "numeric",
                "thresholdDistance": 1,
                "resolution": 2,
                "fractional_precision": 10**9,
            },
            {"bitsPerToken": 2},
        ),
    ],
)
def test_absurd_features_are_refused(
    tmp_path: Path, comparison: dict[str, Any], strategy: dict[str, Any]
) -> None:
    hashing = {"comparison": comparison, "strategy": strategy, "hash": {"type": "blakeHash"}}
    absurd = schema(feature("nama", hashing=hashing))
    error = expect(hashed(tmp_path, b"id,nama\n1,5\n", absurd), "schema.bounds")
    assert "$.features[1].hashing" in error.problem.en


def test_a_pattern_that_nests_deeply_is_refused(tmp_path: Path) -> None:
    form = {"type": "string", "pattern": "(" * 50_000 + ")" * 50_000}
    expect(
        hashed(tmp_path, b"id,nama\n1,5\n", schema(feature("nama", format=form))), "schema.invalid"
    )
