"""Notes on a source as a whole, stored with its rows: hidden rows, merged cells, damaged lines."""

from __future__ import annotations

import json
from collections.abc import Iterable

from encoder.source.readers.source import SourceNote
from policy.base.words import Words


def stored_notes(notes: Iterable[SourceNote]) -> str:
    """The notes as JSON, without the names of sheets."""
    return json.dumps([note_json(each) for each in notes], ensure_ascii=False)


def note_json(note: SourceNote) -> dict[str, object]:
    """A note as JSON; reports use the same form."""
    words = {"id": note.words.id, "en": note.words.en}
    return {"code": note.code, "count": note.count, "words": words, "rows": list(note.rows)}


def kept_notes(stored: str) -> tuple[SourceNote, ...]:
    """Read stored notes; empty for an older store."""
    return tuple(
        SourceNote(
            str(each["code"]),
            int(each["count"]),
            Words(each["words"]["id"], each["words"]["en"]),
            tuple(map(int, each["rows"])),
        )
        for each in json.loads(stored or "[]")
    )
