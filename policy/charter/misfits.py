"""Errors of a charter that does not fit its model, in both languages and without any value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from policy.base.words import Words

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MOST_TOLD = 12
_CONTRADICTORY = "contradictory"
# By pydantic's type of error; the error's context has the names in braces.
_SAID: dict[str, tuple[str, str]] = {
    "missing": ("wajib diisi", "is required"),
    "extra_forbidden": ("tidak dikenal; periksa ejaannya", "is not known; check its spelling"),
    "greater_than_equal": ("paling sedikit {ge}", "at least {ge}"),
    "less_than_equal": ("paling banyak {le}", "at most {le}"),
    "literal_error": ("pilih {expected}", "choose {expected}"),
    "string_pattern_mismatch": ("tidak sesuai pola {pattern}", "does not fit {pattern}"),
    "string_too_short": ("terlalu pendek", "is too short"),
    "string_too_long": ("paling panjang {max_length} huruf", "at most {max_length} letters"),
    "too_short": ("paling sedikit {min_length} isi", "at least {min_length} of them"),
    "too_long": ("paling banyak {max_length} isi", "at most {max_length} of them"),
    "string_type": ("harus teks; pakai tanda petik", "must be text; put it in quotes"),
    "int_type": ("harus bilangan bulat", "must be a whole number"),
    "bool_type": ("harus true atau false", "must be true or false"),
    "date_parsing": ("harus tanggal, 2026-11-25", "must be a date, 2026-11-25"),
    "date_from_datetime_parsing": ("harus tanggal, 2026-11-25", "must be a date, 2026-11-25"),
    "date_type": ("harus tanggal, 2026-11-25", "must be a date, 2026-11-25"),
    "model_type": ("harus berisi bagian 'nama: nilai'", "must hold parts 'name: value'"),
    "dict_type": ("harus berisi bagian 'nama: nilai'", "must hold parts 'name: value'"),
    "tuple_type": ("harus daftar", "must be a list"),
}


def contradictory(rules: Sequence[Words]) -> PydanticCustomError:
    """The error that a validator raises for violated rules between parts."""
    told = {"id": "; ".join(each.id for each in rules), "en": "; ".join(each.en for each in rules)}
    return PydanticCustomError(_CONTRADICTORY, "{en}", told)


def misfits(error: ValidationError) -> Words:
    """The first dozen places that do not fit, in one sentence."""
    found = error.errors(include_input=False, include_url=False)
    told = list(map(_told, found[:MOST_TOLD]))
    more = list(_more(len(found) - len(told)))
    return Words(
        "; ".join(each.id for each in [*told, *more]), "; ".join(each.en for each in [*told, *more])
    )


def _told(found: ErrorDetails) -> Words:
    context = found.get("ctx", {})
    if found["type"] == _CONTRADICTORY:
        return Words(str(context["id"]), str(context["en"]))
    # The chosen variant of a field ("=several") is not part of the place.
    parts = [part for part in map(str, found["loc"]) if not part.startswith("=")]
    where = ".".join(parts) or "charter"
    if found["type"] not in _SAID:
        return Words(f"'{where}': {found['msg']}", f"'{where}': {found['msg']}")
    indonesian, english = _SAID[found["type"]]
    said = Words(indonesian.format(**context), english.format(**context))
    if found["type"] == "literal_error":
        said = Words(said.id.replace(" or ", " atau "), said.en)
    return Words(f"'{where}' {said.id}", f"'{where}' {said.en}")


def _more(count: int) -> Iterator[Words]:
    if count > 0:
        yield Words(f"dan {count} lagi", f"and {count} more")
