"""What a source shows as a whole, kept with its rows: hidden rows, merged cells, damaged lines."""

from __future__ import annotations

import json
from collections.abc import Iterable

from encoder.source.readers.source import Note
from policy.base.words import Words


def stored_notes(notes: Iterable[Note]) -> str:
    """As JSON, without the names of sheets."""
    return json.dumps([note_json(each) for each in notes], ensure_ascii=False)


def note_json(note: Note) -> dict[str, object]:
    """Also how a report has it."""
    words = {"id": note.words.id, "en": note.words.en}
    return {"code": note.code, "count": note.count, "words": words, "rows": list(note.rows)}


def kept_notes(stored: str) -> tuple[Note, ...]:
    """The same read again; none from an older store."""
    return tuple(
        Note(
            str(each["code"]),
            int(each["count"]),
            Words(each["words"]["id"], each["words"]["en"]),
            tuple(map(int, each["rows"])),
        )
        for each in json.loads(stored or "[]")
    )
