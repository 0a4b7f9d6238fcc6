"""The rules in force, and the digest by which a charter names them.

A rule whose outcome changes for any input gets a new version: otherwise two
agencies with different code would encode one person differently and not notice.
"""

from __future__ import annotations

from policy.canonical import canonical_json, sha256

RULES: tuple[tuple[str, int, str], ...] = (
    ("T01", 1, "NFKC; odd spaces to a space; control characters out"),
    ("T02", 1, "accents off, upper case"),
    ("T03", 1, "null words to missing"),
    ("T04", 1, "spaces collapsed, leading apostrophe of Excel out"),
    ("N01", 1, "aliases split off, the first name kept"),
    ("N02", 1, "degrees after a comma cut"),
    ("N03", 1, "degrees at the end removed"),
    ("N04", 1, "titles in front removed, never to emptiness"),
    ("N05", 1, "bin and binti: the own name kept"),
    ("N06", 1, "the Muhammad family written MUHAMMAD"),
    ("N07", 1, "abbreviations written out: ST, ABD, ACH, NR and Balinese ones"),
    ("N08", 1, "apostrophe out, dot and hyphen to a space, AL and EL joined"),
    ("N10", 1, "old spelling: OE, TJ, DJ, NJ, SJ"),
    ("N11", 1, "Arabic, light: DZ, DH, TS, Q, doubled letters, UDDIN"),
    ("N13", 1, "tokens sorted"),
    ("N15", 1, "digits inside letters read as letters"),
    ("D01", 1, "date formats"),
    ("D02", 1, "the day comes first"),
    ("D03", 1, "Indonesian month names"),
    ("D04", 1, "placeholder dates keep their year only"),
    ("D06", 1, "implausible years to missing"),
    ("D07", 1, "sex codes"),
    ("K01", 1, "NIK: separators out, damaged and filler ones to missing"),
    ("G01", 1, "digits: everything else out"),
)


def ruleset_digest() -> str:
    """SHA-256 over the numbers and versions of all rules, hex."""
    return sha256(
        canonical_json({"type": "padan/rules", "rules": [[id_, v] for id_, v, _ in RULES]})
    )
