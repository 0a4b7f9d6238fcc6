"""Errors in a schema, in values, and in clkhash's JSON.

BadInput
└── ValuesRefused     some values do not fit the schema; says which rows
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from encoder.error_codes import EncoderCode
from policy.base.errors import BadInput
from policy.base.words import Words


class ValuesRefused(BadInput):
    """Values that the schema does not allow; a caller may leave these rows out and continue."""

    def __init__(self, refused: Mapping[str, Sequence[int]], rules: Mapping[str, str]) -> None:
        """`refused`: the rows by column; `rules`: the schema's format of those columns."""
        self.columns = {name: tuple(sorted(set(rows))) for name, rows in refused.items()}
        self.rules = {name: rules[name] for name in refused}
        self.rows = tuple(sorted({row for rows in refused.values() for row in rows}))
        column = min(self.columns, key=lambda name: self.columns[name][0])
        row, count, rule = self.columns[column][0], len(self.rows), rules[column]
        super().__init__(
            "clk.values",
            Words(
                f"Kolom '{column}', baris ke-{row} (dihitung dari 0): nilainya tidak sesuai "
                f"skema, {rule}. Baris yang ditolak: {count}.",
                f"Column '{column}', row {row} (counted from 0): the value does not fit the "
                f"schema, {rule}. Rows refused: {count}.",
            ),
            Words(
                "Perbaiki atau keluarkan baris itu, atau ubah 'format' kolom itu di skema.",
                "Correct or leave out these rows, or change the column's 'format' in the schema.",
            ),
        )


def bad_schema(place: str) -> BadInput:
    """An error at `place`, a JSON path into the schema (`$` for all of it)."""
    return BadInput(
        EncoderCode.SCHEMA_INVALID,
        Words(
            f"Skema pemadanan bukan skema clkhash yang sah; lihat {place}.",
            f"The linkage schema is not a valid clkhash schema; see {place}.",
        ),
        Words(
            "Mulai dari 'padan-encoder schema padan-id-1'.",
            "Start from 'padan-encoder schema padan-id-1'.",
        ),
    )


def bad_clks(place: str) -> BadInput:
    """An error at `place`, a JSON path into the document."""
    return BadInput(
        EncoderCode.CLK_JSON,
        Words(
            f"Ini bukan CLK dalam JSON clkhash; lihat {place}.",
            f"These are not CLKs in clkhash's JSON; see {place}.",
        ),
        Words(
            'Bentuknya {"clks": [...]}: base64, semua sama panjang.',
            'Its form is {"clks": [...]}: base64, all of one length.',
        ),
    )
