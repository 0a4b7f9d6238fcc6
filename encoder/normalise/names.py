"""N01 to N15: names as Indonesian lists write them, down to sorted tokens.

The law: normalising a normalised name changes nothing, and the order of plain words
does not matter. The rules therefore run until the name no longer changes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from string import ascii_uppercase

from encoder.normalise.letters import LOOK_ALIKES
from encoder.normalise.misread import is_misread
from encoder.normalise.name_words import (
    BALINESE,
    CH_STAYS,
    DEGREES,
    ELSEWHERE,
    IN_BALI,
    MUHAMMAD,
    TITLES,
    UNKNOWN_BESIDE,
    UNKNOWN_PERSONS,
    WRITTEN_OUT,
)
from encoder.normalise.text import NULL_WORDS, text

_IN_PARENTHESES = re.compile(r"\([^()]*\)?|\)")
_ALIAS = re.compile(r"/|\bALIAS\b|\bALS\b|\b(?:BIASA )?DIPANGGIL\b")
_FATHER = re.compile(r"\s(?:B\.|(?:BIN|BINTI|BINT|BTE|BT)\b\.?)(?=\s)")
_LETTER_DIGITS = str.maketrans("0158", "OISB")
_MIXED = re.compile(r"(?<=[A-Z])[0158]+|[0158]+(?=[A-Z])")
_MARKS = re.compile(r"[^A-Z ]+")
_APOSTROPHES = re.compile(r"['`’ʼ]")
_OLD_SPELLING = {"OE": "U", "TJ": "C", "DJ": "J", "NJ": "NY", "SJ": "SY", "J": "Y"}
_OLD = re.compile("OE|TJ|DJ|NJ|SJ|J")
_ARABIC = (("DZ", "D"), ("DH", "D"), ("TS", "S"), ("Q", "K"), ("EDDIN", "UDIN"))
_KEEPS_CH = re.compile(rf"(?:{'|'.join(CH_STAYS)})|CH(?:A|O|OI|U)$")
_DOUBLED = re.compile(r"([B-DF-HJ-NP-TV-Z])\1+")
# The article before R, S, T, N, D, Z is assimilated: ABDURRAHMAN is ABDUL RAHMAN.
_ABDUL_SUN = re.compile(r"^ABDU([RSTNDZ])\1?(?=[A-Z]{3})")
# Text in parentheses next to a name that is not a name: (ALM), (S.E.).
_NO_NAMES = frozenset({*TITLES, *DEGREES, *ascii_uppercase})
# Begins with letters, which searches fast; the preceding text is checked afterwards.
_LATE = re.compile(r"ALM(?:H|ARHUM|ARHUMAH)?(?![A-Z])")
_ENOUGH = 8
_TOKENS_CACHED = 1 << 16
# The replacement of a letter at the beginning of a name.
_IN_FRONT: dict[str, tuple[str, ...]] = {"M": ("MUHAMMAD",), "H": ()}
# After an initial, such a word may be the rest of a degree (S PD).
_DEGREE_ENDS = frozenset(degree[at:] for degree in DEGREES for at in range(1, len(degree) - 1))
_REACTING = frozenset(
    {*TITLES, *DEGREES, *(MUHAMMAD - {"MUHAMMAD"}), *WRITTEN_OUT, *IN_BALI}
    | set("AL EL ST ABDUL ALS ALIAS DIPANGGIL BIN BINTI BINT BTE BT".split())
    | {part for word in NULL_WORDS for part in word.split()}
    | {part for words in UNKNOWN_PERSONS for part in words.split()}
)
_UNKNOWN_WORDS = frozenset(part for words in UNKNOWN_PERSONS for part in words.split())


def name(value: str) -> str:
    """The name's tokens, normalised, sorted and joined by a space; '' if missing."""
    found = text(value)
    if not found or is_unknown_person(found):
        return ""
    settled = _word_by_word(found.split(" "))
    return _until_still(found) if settled is None else settled


def name_rule(value: str, normal: str) -> str:
    """The rule of CELL_RULES for a cell that `name` turned into `normal`; '' if none."""
    cleaned = text(value)
    if not normal:
        if not cleaned:
            return ""
        return "NAME_UNKNOWN_PERSON" if is_unknown_person(cleaned) else "NAME_UNREADABLE"
    if not value.isascii() and is_misread(value):
        return "NAME_MOJIBAKE"
    if not LOOK_ALIKES.isdisjoint(value):
        return "NAME_LOOK_ALIKE"
    if says_deceased(cleaned):
        return "NAME_DECEASED"
    return "NAME_OTHER_LETTERS" if any(c.isalpha() and not c.isascii() for c in cleaned) else ""


def says_deceased(written: str) -> bool:
    """Whether a cell, or a column of them joined by line ends, marks somebody as dead."""
    cells = written.upper()
    if "MENINGGAL" in cells or "WAFAT" in cells:
        return True
    return any(
        not cells[max(0, at.start() - 1) : at.start()].isalpha() for at in _LATE.finditer(cells)
    )


def is_unknown_person(cleaned: str) -> bool:
    """N17: whether a cleaned cell says that nobody knows the name (MR X, TIDAK DIKENAL 2)."""
    words = _MARKS.sub(" ", cleaned).split()
    if _UNKNOWN_WORDS.isdisjoint(words):
        return False
    if " ".join(words) in UNKNOWN_PERSONS:
        return True
    rest = [word for word in words if word not in UNKNOWN_BESIDE]
    return " ".join(rest) in UNKNOWN_PERSONS


def _until_still(found: str) -> str:
    for _ in range(_ENOUGH):
        before, found = found, text(_once(found))
        if found == before or all(map(_is_still, found.split())):
            break
    return found


def names(values: Sequence[str]) -> list[str]:
    """`name` for a column of cells; most have only words that need spelling rules."""
    settled_as = _SETTLED.__getitem__
    cells: list[str] = []
    append = cells.append
    plain = "".join(values).isascii()
    for value in values:
        words = [*map(settled_as, value.upper().split())]
        # '' marks a word that needs more than spelling rules, or is not a name.
        if all(words) and words and (plain or value.isascii()):
            words.sort()
            append(" ".join(words))
        else:
            append(name(value) if value else "")
    return cells


def ordered(value: str) -> str:
    """The tokens of `name` in their written order (N13)."""
    settled = name(value).split()
    written = _once(text(value), in_order=True).split()
    where = {token: at for at, token in reversed(list(enumerate(written)))}
    return " ".join(sorted(settled, key=lambda token: where.get(token, len(written))))


def alias(value: str) -> str:
    """N01: the second name next to the first, normalised as a name; '' if there is none."""
    cleaned = text(value)
    own = name(value)
    for other in (
        *_ALIAS.split(_IN_PARENTHESES.sub(" ", cleaned)),
        *_IN_PARENTHESES.findall(cleaned),
    ):
        found = name(other.strip(" ()"))
        if found and found != own and not _NO_NAMES.issuperset(found.split()):
            return found
    return ""


def father(value: str) -> str:
    """N05: the name after BIN, BINTI or B., if the own name precedes it."""
    own, *others = _FATHER.split(f" {_primary(text(value))} ".replace(".", ". "))
    if not others or not re.search("[A-Z]{2}", own):
        return ""
    return name(others[0])


def _word_by_word(words: list[str]) -> str | None:
    """The result of `_until_still` if few rules look beyond a word; None if more rules may apply.

    These few are: M or H in front, one initial, ABDUL and what it is joined to.
    """
    in_front = _IN_FRONT.get(words[0]) if len(words) > 1 else None
    rest = words if in_front is None else words[1:]
    initials = [word for word in rest if len(word) == 1]
    if initials and (in_front is not None or len(initials) > 1 or "ABDUL" in rest):
        return None
    if (initials or in_front is not None) and rest[-1] in _DEGREE_ENDS:
        return None
    spelled = [word if word == "ABDUL" else _SETTLED[word] for word in rest if len(word) > 1]
    settled = [_SETTLED[word] for word in _with_abdul(spelled)]
    if not all(settled) or not all(each.isascii() and each.isalpha() for each in initials):
        return None
    return " ".join([*sorted([*(in_front or ()), *settled]), *map(_spelled, initials)])


def _once(cleaned: str, *, in_order: bool = False) -> str:
    tokens = _without_titles(_tokens(_own_name(cleaned)))
    tokens = _written_out(_without_degrees(tokens))
    tokens = _with_abdul([_spelled(token) for token in tokens])
    if in_order:
        return " ".join(tokens)
    # N13. Initials come last, so that none of them is taken for a title or for M.
    return " ".join(sorted(tokens, key=lambda token: (len(token) == 1, token)))


class _Settled(dict[str, str]):
    """The result for a word that needs only spelling rules; '' for any other word."""

    def __missing__(self, word: str) -> str:
        plain = len(word) > 1 and word.isascii() and word.isalpha() and word not in _REACTING
        spelled = _spelled(word) if plain else ""
        if len(self) >= _TOKENS_CACHED:
            self.clear()
        self[word] = spelled if _is_still(spelled) else ""
        return self[word]


_SETTLED = _Settled()


@lru_cache(maxsize=_TOKENS_CACHED)
def _is_still(token: str) -> bool:
    """Whether no rule changes this token, in any position."""
    return len(token) > 1 and token not in _REACTING and _spelled(token) == token


def _own_name(cleaned: str) -> str:
    """N01, N02, N05, N15: the person's own primary name."""
    letters = _MIXED.sub(lambda found: found[0].translate(_LETTER_DIGITS), _primary(cleaned))
    before, comma, after = letters.partition(",")
    if comma and before.strip() and not _is_degree_list(after):
        before = letters.replace(",", " ")
    return _before_father(before)


def _primary(cleaned: str) -> str:
    """N01: the first name outside parentheses, or inside if there is none outside."""
    outside = _IN_PARENTHESES.sub(" ", cleaned)
    if not outside.strip():
        outside = cleaned.replace("(", " ").replace(")", " ")
    return next((part for part in _ALIAS.split(outside) if part.strip()), "")


def _before_father(own: str) -> str:
    """N05: the part before BIN or B. if it still has a name, else the part after it."""
    if " B" not in own:
        return own
    parts = _FATHER.split(f" {own} ".replace(".", ". "))
    return next((part for part in parts if re.search("[A-Z]{2}", part)), own)


def _is_degree_list(rest: str) -> bool:
    parts = [re.sub(r"[^A-Z]", "", part) for part in rest.split(",")]
    return all(part in DEGREES or len(part) <= 1 for part in parts)


def _tokens(own: str) -> list[str]:
    """N08: remove apostrophes, turn other marks into spaces, join the article to its name."""
    joined: list[str] = []
    for token in _MARKS.sub(" ", _APOSTROPHES.sub("", own)).split():
        if joined and joined[-1] in ("AL", "EL"):
            joined[-1] += token
        else:
            joined.append(token)
    return joined


def _without_titles(tokens: list[str]) -> list[str]:
    """N04: remove titles in any position, and a single H in front, if a name remains."""
    rest = [token for token in tokens if token not in TITLES]
    if not any(len(token) > 1 for token in rest):
        return tokens
    return rest[1:] if rest[0] == "H" and len(rest) > 1 else rest


def _without_degrees(tokens: list[str]) -> list[str]:
    """N03: remove degrees at the end, also those split into letters by dots (S PD, SP PD)."""
    rest = tokens
    while len(rest) > 1:
        width = next((w for w in (3, 2, 1) if _ends_in_degree(rest, w)), 0)
        if not width:
            break
        rest = rest[:-width]
    return rest


def _ends_in_degree(tokens: list[str], width: int) -> bool:
    if len(tokens) <= width or "".join(tokens[-width:]) not in DEGREES:
        return False
    return width == 1 or len(tokens[-width]) == 1 or tokens[-width] == "SP"


def _written_out(tokens: list[str]) -> list[str]:
    """N06, N07: replace abbreviations by the full names."""
    full = ["MUHAMMAD" if t in MUHAMMAD else WRITTEN_OUT.get(t, t) for t in tokens]
    if len(full) > 1 and full[0] == "M" and any(len(token) > 1 for token in full):
        full[0] = "MUHAMMAD"
    # At the end, ST was a degree; anywhere else it is Siti.
    full = ["SITI" if each == "ST" else each for each in full]
    doubtful = ELSEWHERE if BALINESE.isdisjoint(full) else IN_BALI
    return " ".join(doubtful.get(token, token) for token in full).split()


@lru_cache(maxsize=_TOKENS_CACHED)
def _spelled(word: str) -> str:
    """N10, N11: spelling variants to one spelling; MUHAMMAD stays as N06 writes it."""
    if word == "MUHAMMAD":
        return word
    spelled = word
    if set(_OLD.findall(word)) - {"J", "NJ"}:
        # J and NJ are modern letters too (Anjani): old only with other evidence.
        spelled = _OLD.sub(lambda found: _OLD_SPELLING[found[0]], word)
    if "CH" in word and not _KEEPS_CH.match(word):
        spelled = spelled.replace("CH", "KH")
    for old, new in _ARABIC:
        spelled = spelled.replace(old, new)
    return _ABDUL_SUN.sub(r"ABDUL\1", _DOUBLED.sub(r"\1", spelled))


def _with_abdul(tokens: list[str]) -> list[str]:
    """N09: ABDUL RAHMAN, ABDULRAHMAN and ABDURRAHMAN are one token."""
    joined: list[str] = []
    for token in tokens:
        if joined and joined[-1] == "ABDUL" and len(token) > 2:
            joined[-1] += token
        else:
            joined.append(token)
    return joined
