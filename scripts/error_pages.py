"""reference/error-codes.md: every error code with its kind, its texts and its remedies."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path

from error_sites import Site, Source
from error_texts import HOLE

from encoder.error_codes import EncoderCode
from encoder.source.readers.formats import KINDS, UNKNOWN
from linkage_service.error_codes import ServiceCode
from padan.error_codes import PadanCode
from policy.base.error_codes import PolicyCode
from policy.base.words import Language, Words
from policy.gates.rules import GATES

ENUMS: tuple[type[StrEnum], ...] = (PolicyCode, EncoderCode, ServiceCode, PadanCode)

# Files that raise a code which they are given or put together; the page says how.
FORMED = {
    "encoder/encoding/csv_to_clks.py": "passes `file.encoding` on with another remedy",
    "encoder/source/readers/formats.py": "takes the code from its table",
    "linkage_service/desk/turns.py": "`run.failed.` and the code of what stopped the run",
    "policy/gates/decision.py": "`gate.` and the id of the rule",
}

_INTRODUCTION = Words(
    """# Kode galat

Setiap galat Padan membawa kode tetap. Halaman ini dibuat dari kode sumber: jenis dan status
keluar, apa yang terjadi, dan langkah berikutnya. `…` diisi saat program berjalan, tidak pernah
dengan nilai dari sebuah baris. [Status keluar dan arti jenis](errors.md).""",
    """# Error codes

Every error of Padan carries a stable code. This page is made from the source code: kind and
exit status, what happened, and what to do next. `…` is filled in when the program runs, never
with a value from a record. [Exit codes and what the kinds mean](errors.md).""",
)

_FAMILIES = Words(
    """## Kode yang disusun

| kode | cara menyusunnya |
|---|---|
| `run.failed.CODE` | pemadanan gagal; CODE adalah kode penyebabnya, dari tabel di bawah |
| `gate.RULE` | sebuah aturan gerbang pemadanan gagal; RULE adalah salah satu aturan di bawah |""",
    """## Codes that are put together

| code | how it is formed |
|---|---|
| `run.failed.CODE` | a run failed; CODE is the code of what stopped it, from the tables below |
| `gate.RULE` | a rule of the run gate does not hold; RULE is one of the rules below |""",
)
_REMEDIES = Words(
    "[Jalan keluar setiap aturan](gates.md).", "[The remedy of every rule](gates.md)."
)
_TITLES = Words("| kode | judul |", "| code | title |")
_CAUSES = Words(
    "| kode | jenis (status keluar) | sebab → langkah berikutnya |",
    "| code | kind (exit) | cause → what to do next |",
)


@cache
def error_sites() -> tuple[Site, ...]:
    """Every way in which an error comes about, once."""
    return tuple(dict.fromkeys((*Source().sites(), *_kinds_of_files())))


def _kinds_of_files() -> Iterator[Site]:
    """The errors of the table of formats that are not read."""
    for kind in (*KINDS, UNKNOWN):
        error = kind.error(Path(HOLE))
        yield Site(
            "encoder/source/readers/formats.py", type(error), kind.code, error.problem, error.hint
        )


def error_codes(language: Language) -> str:
    """reference/error-codes.md"""
    lines = [_INTRODUCTION.in_language(language), "", _FAMILIES.in_language(language), ""]
    lines += _rules(language)
    for codes in ENUMS:
        lines += ["", f"## {codes.__module__.split('.')[0]}", *_of_package(codes, language)]
    return "\n".join(lines) + "\n"


def _rules(language: Language) -> Iterator[str]:
    yield _TITLES.in_language(language)
    yield "|---|---|"
    asked = (rule for gate in GATES.values() for rule in (*gate.run, *gate.transfer))
    for rule in dict.fromkeys(asked):
        yield f"| `gate.{rule.id}` | {_cell(rule.title.in_language(language))} |"
    yield ""
    yield _REMEDIES.in_language(language)


def _of_package(codes: type[StrEnum], language: Language) -> Iterator[str]:
    yield ""
    yield _CAUSES.in_language(language)
    yield "|---|---|---|"
    for code in codes:
        rows = {
            (
                f"{site.error.kind} ({site.error.exit_code})",
                _told(site, language),
                _told(site, "en"),
            )
            for site in error_sites()
            if site.code is code
        }
        # In the order of the English page, so that both pages have the same rows.
        for kind, told, _ in sorted(rows, key=lambda row: (row[0], row[2], row[1])):
            yield f"| `{code}` | {kind} | {told} |"


def _told(site: Site, language: Language) -> str:
    problem, hint = (_cell(each.in_language(language)) for each in (site.problem, site.hint))
    return f"{problem} → {hint}" if hint != HOLE else problem


def _cell(text: str) -> str:
    """One line, without what ends a cell or begins a tag."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
