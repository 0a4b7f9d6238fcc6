"""A small programme for tests, of three columns: desil, hamil and lahir."""

from __future__ import annotations

from typing import Any

from encoder.released.programmes.rules import Programme

COLUMNS = {
    "desil": {"names": ["desil", "desil_nasional"]},
    "hamil": {"names": ["hamil"]},
    "lahir": {"names": ["tanggal_lahir"], "role": "dob"},
}


def title(text: str) -> dict[str, str]:
    return {"id": text, "en": f"{text} (en)"}


def tree(**changes: Any) -> dict[str, Any]:
    """The parts of a rule file."""
    columns = {key: {"title": title(key), **each} for key, each in COLUMNS.items()}
    return {
        "format": "padan-programme-1",
        "id": "uji",
        "example": True,
        "version": "1",
        "title": title("Uji"),
        "note": title("Catatan"),
        "unit": "person",
        "columns": columns,
        "conditions": [{"title": title("desil"), "column": "desil", "at_most": 4}],
        **changes,
    }


def programme(**changes: Any) -> Programme:
    return Programme.model_validate(tree(**changes), strict=False)
