"""N01 to N15: names as Indonesian lists write them, down to sorted tokens."""

from __future__ import annotations

import re

from encoder.normalise.text import text

_ALIAS = re.compile(r"\s*(?:/|\(|\bALIAS\b|\bALS\b|\bBIASA DIPANGGIL\b)\s*")
_FATHER = re.compile(r"\s+(?:BIN|BINTI|BINT|BTE|BT)\s+")
_LETTER_DIGITS = str.maketrans("0158", "OISB")
_MIXED = re.compile(r"(?<=[A-Z])[0158]|[0158](?=[A-Z])")

_TITLES = frozenset(
    (
        "H HJ HAJI HAJJAH DR DRG DRS DRA IR PROF KH KYAI USTAD USTADZ UST PDT PASTOR NY TN "
        "SDR BPK IBU ALM ALMH"
    ).split()
)
# Letters of a degree as they stand after dots became spaces or vanished.
_DEGREES = frozenset(
    (
        "SPD SE SH ST SKOM SSOS SAG SIP SKED SFARM SPDI SKM STP SPSI MM MSI MPD MKOM MH MT MA "
        "MSC MBA PHD BA BSC AMD AMDKEB SP SPT SKEP NERS MKES SPOG SPA"
    ).split()
)
_MUHAMMAD = frozenset(
    (
        "MD MHD MUH MUCH MOH MOCH MOHD MUHAMAD MOHAMAD MOHAMMAD MOCHAMMAD MOCHAMAD MOHAMMED "
        "MUCHAMAD MUHAMMED MUHAMMAD"
    ).split()
)
_WRITTEN_OUT = {
    "ABD": "ABDUL",
    "ABDL": "ABDUL",
    "ACH": "AHMAD",
    "ACHMAD": "AHMAD",
    "AKHMAD": "AHMAD",
    "NR": "NUR",
    "NOOR": "NUR",
    "NOR": "NUR",
    "GST": "GUSTI",
    "NGR": "NGURAH",
    "WYN": "WAYAN",
    "NYM": "NYOMAN",
    "KT": "KETUT",
    "DG": "DAENG",
    "TB": "TUBAGUS",
    "FX": "FRANSISKUS",
    "TH": "THERESIA",
}
_OLD_SPELLING = {"OE": "U", "TJ": "C", "DJ": "J", "NJ": "NY", "SJ": "SY", "J": "Y"}
_OLD = re.compile("OE|TJ|DJ|NJ|SJ|J")
_ARABIC = (("DZ", "D"), ("DH", "D"), ("TS", "S"), ("Q", "K"), ("EDDIN", "UDIN"))
_DOUBLED = re.compile(r"([B-DF-HJ-NP-TV-Z])\1+")


def name(value: str) -> str:
    """The name's tokens, normalised, sorted and joined by a space; '' if missing."""
    own = _own_name(text(value))
    tokens = _without_titles(_tokens(own))
    tokens = _without_degrees(tokens)
    tokens = [_spelled(token) for token in _written_out(tokens)]
    return " ".join(sorted(token for token in tokens if token))


def _own_name(cleaned: str) -> str:
    """N01, N02, N05, N15: the person's own primary name."""
    primary = next((part for part in _ALIAS.split(cleaned) if part.strip()), "")
    letters = _MIXED.sub(lambda found: found[0].translate(_LETTER_DIGITS), primary)
    before, comma, after = letters.partition(",")
    if comma and before.strip() and not _is_degree_list(after):
        before = letters.replace(",", " ")
    own = _FATHER.split(" " + before.replace(".", ". ") + " ")[0]
    return own if own.strip() else before


def _is_degree_list(rest: str) -> bool:
    parts = [re.sub(r"[^A-Z]", "", part) for part in rest.split(",")]
    return all(part in _DEGREES or len(part) <= 1 for part in parts)


def _tokens(own: str) -> list[str]:
    """N08: apostrophes out, other marks to spaces, the article joined to its name."""
    letters = re.sub(r"[^A-Z0-9 ]", " ", re.sub(r"['`’ʼ]", "", own))
    joined: list[str] = []
    for token in letters.split():
        if joined and joined[-1] in ("AL", "EL"):
            joined[-1] += token
        else:
            joined.append(token)
    return joined


def _without_titles(tokens: list[str]) -> list[str]:
    """N04: titles in front, as long as a name is left."""
    rest = tokens
    while len(rest) > 1 and rest[0] in _TITLES:
        rest = rest[1:]
    return rest


def _without_degrees(tokens: list[str]) -> list[str]:
    """N03: degrees at the end, also those that dots have cut into letters (S PD)."""
    rest = tokens
    while len(rest) > 1:
        width = next((w for w in (3, 2, 1) if _ends_in_degree(rest, w)), 0)
        if not width:
            break
        rest = rest[:-width]
    return rest


def _ends_in_degree(tokens: list[str], width: int) -> bool:
    if len(tokens) <= width or "".join(tokens[-width:]) not in _DEGREES:
        return False
    return width == 1 or len(tokens[-width]) == 1


def _written_out(tokens: list[str]) -> list[str]:
    """N06, N07: abbreviations to the names that they stand for."""
    full = [
        "MUHAMMAD" if token in _MUHAMMAD else _WRITTEN_OUT.get(token, token) for token in tokens
    ]
    if len(full) > 1 and full[0] == "M":
        full[0] = "MUHAMMAD"
    if len(full) > 1 and full[0] in ("ST", "STI"):
        full[0] = "SITI"
    return full


def _spelled(token: str) -> str:
    """N10, N11: spelling variants to one spelling. Running it twice changes nothing."""
    spelled = token
    if set(_OLD.findall(token)) - {"J", "NJ"}:
        # J and NJ are modern letters too (Anjani): old only where something else says so.
        spelled = _OLD.sub(lambda found: _OLD_SPELLING[found[0]], token)
    for old, new in _ARABIC:
        spelled = spelled.replace(old, new)
    return _DOUBLED.sub(r"\1", spelled)
