"""Laws of reading: every row is encoded or refused, and a cell comes out as it went in."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from encoder.source.mapping import Mapping
from encoder.source.readers import BLANK_ROW, NO_RECORD_ID, RAGGED_ROW, read_rows
from encoder.source.readers.not_people import not_people

HEADER = ["id", "a", "b"]
MAPPING = Mapping(record_id="id", fields={"a": "a", "b": "b"})
# Lines within a cell are another test's: one that looks like rows must stop the reading.
cells = st.text(
    st.characters(exclude_characters="\0\r\n", exclude_categories=("Cs", "Zl", "Zp")), max_size=6
)
tables = st.lists(st.lists(cells, max_size=5), min_size=1, max_size=12)


@given(tables, st.sampled_from(",;|\t~^"), st.integers(1, 5), st.sampled_from(["\n", "\r\n"]))
def test_every_row_is_encoded_as_it_stands_or_refused(
    rows: list[list[str]], mark: str, at_once: int, end: str
) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=mark, lineterminator=end).writerows([HEADER, *rows])
    mapping = MAPPING.model_copy(update={"delimiter": mark})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s.csv"
        path.write_bytes(text.getvalue().encode())
        chunks = list(read_rows(path, mapping, {}, at_once))
    found: dict[int, object] = {}
    for chunk in chunks:
        found |= dict(chunk.refused)
        columns = zip(chunk.record_ids, chunk.columns["a"], chunk.columns["b"], strict=True)
        found |= dict(zip(chunk.row_numbers, columns, strict=True))
    assert found == {number: _outcome(row) for number, row in enumerate(rows, 1)}


def _outcome(row: list[str]) -> object:
    if not row:
        return BLANK_ROW
    if len(row) != len(HEADER):
        return RAGGED_ROW
    record_id = row[0].strip()
    nobody = not_people(HEADER, [[cell] for cell in row])
    if nobody:
        return nobody[0]
    return (record_id, row[1], row[2]) if record_id else NO_RECORD_ID
