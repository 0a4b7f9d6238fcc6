"""The rules in force, and the digest by which a charter names them.

A rule whose outcome changes for any input gets a new version: otherwise two
agencies with different code would encode one person differently and not notice.
"""

from __future__ import annotations

from encoder.normalise.regions import reference
from policy.base.canonical import canonical_json, sha256

RULES: tuple[tuple[str, int, str], ...] = (
    (
        "T01",
        3,
        "NFKC; entities, apostrophes, similar and special letters; odd spaces to a space",
    ),
    ("T02", 3, "accents off, upper case"),
    ("T03", 3, "null words to missing, also where other rules leave one"),
    ("T04", 3, "spaces collapsed, leading apostrophes out"),
    ("N01", 4, "aliases split off; the first name kept, the other as NAME.alias"),
    ("N02", 1, "degrees after a comma cut"),
    ("N03", 2, "degrees at the end removed"),
    ("N04", 3, "titles removed wherever they stand, H in front, never to emptiness"),
    ("N05", 3, "bin, binti and B.: the own name kept, the father's as NAME.father"),
    ("N06", 1, "the Muhammad family written MUHAMMAD"),
    ("N07", 2, "abbreviations written out; MD, KT, PT, AA, IA in Balinese company"),
    ("N08", 1, "apostrophe out, dot and hyphen to a space, AL and EL joined"),
    ("N09", 1, "ABDUL joined to its name, ABDUR and ABDUS as well"),
    ("N10", 2, "old spelling: OE, TJ, DJ, NJ, SJ; CH to KH save in names that are not Arabic"),
    ("N11", 2, "Arabic, light: DZ, DH, TS, Q, doubled letters, UDDIN"),
    ("N13", 3, "tokens sorted, initials last; as written as NAME.ordered"),
    ("N15", 1, "digits inside letters read as letters"),
    ("D01", 4, "date formats; times and zones behind a date; dashes"),
    ("D02", 3, "the day comes first, or what the mapping says, and the month with AM or PM"),
    ("D03", 2, "Indonesian month names, often misspelt ones, Roman numbers"),
    ("D04", 2, "placeholder dates keep their year only, an unknown day keeps the month"),
    ("D05", 1, "year, month and day apart; the year, or what an age says of it, as DATE.about"),
    ("D06", 1, "implausible years to missing"),
    ("D07", 4, "sex codes and words, and a code next to its word"),
    (
        "K01",
        6,
        "NIK: separators and labels out; damaged, filler, serial 0000 to missing, but NIK.digits",
    ),
    ("K02", 2, "KK: as a NIK, and none with serial 0000"),
    ("A01", 1, "JALAN in all its forms left out"),
    ("A02", 2, "GANG, LORONG, KAMPUNG, DUSUN, DESA, KOMPLEK and others to one form each"),
    ("A03", 1, "house numbers with their letter"),
    ("A05", 2, "Roman numbers to Arabic ones; I, V, X behind a name"),
    ("A06", 2, "honorifics inside street names out"),
    ("A04", 3, "RT and RW by their letters, both or none, never from a date"),
    ("A07", 3, "names of places by their letters, without KEL, DESA, KOTA ADM or KAB before them"),
    ("A08", 1, "region codes to names by their book, else with the book's name next to them"),
    ("A09", 2, "postal codes: those in use, and the kelurahan's own where that is known"),
    ("A10", 1, "addresses of domicile and of registration are fields of their own"),
    ("N12", 1, "the sound of a name, for salts alone"),
    ("N14", 1, "initials stay as they are, and out of the sound"),
    ("N16", 1, "the mother's name as any other name"),
    ("N17", 1, "names of unknown persons are missing"),
    ("G01", 2, "digits: everything else out, zeros alone are missing"),
)


def ruleset_digest() -> str:
    """SHA-256 over the numbers and versions of all rules and the region table's, hex."""
    rules = [[id_, version] for id_, version, _ in RULES]
    return sha256(canonical_json({"type": "padan/rules", "rules": rules, "regions": reference()}))
