"""Names put together as names in Jakarta are, from seed lists of our own (names.yaml).

Calibrated on a sample of Jakarta's voters (domain facts, section 3.1): how many words a
name has, how often it has initials or old spelling, and how many people share theirs.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from itertools import accumulate
from random import Random
from typing import Any

import yaml

_WORDS = (1, 2, 3, 4, 5)
_WORD_WEIGHTS = tuple(accumulate((29.0, 45.4, 20.2, 4.0, 1.4)))
_CULTURES = ("javanese", "arabic", "sundanese", "modern", "batak", "christian", "chinese", "bali")
_ONE_WORD = tuple(accumulate((45, 32, 13, 10, 0, 0, 0, 0)))
_MORE_WORDS = tuple(accumulate((33, 31, 10, 16, 4, 3.5, 2, 0.5)))
_CHILD = tuple(accumulate((10, 30, 5, 45, 4, 3.5, 2, 0.5)))

_LONGEST = 32
_MUHAMMAD = 0.13
_M_ALONE = 0.25
_SITI = 0.09
_ABDUL = 0.05
_LAST_INITIAL = 0.045
_INNER_INITIAL = 0.035
_OLD_SPELLING = 0.06
_OLD = (("CU", "TJU"), ("CA", "TJA"), ("JO", "DJO"), ("JA", "DJA"), ("SU", "SOE"), ("RAH", "RACH"))


@cache
def seeds() -> dict[str, Any]:
    """names.yaml, words split."""
    text = resources.files("encoder.synthetic").joinpath("names.yaml").read_text("utf-8")
    return {key: _split(value) for key, value in yaml.safe_load(text).items()}


def _split(value: Any) -> Any:
    if isinstance(value, str):
        return value.split()
    return {key: _split(each) for key, each in value.items()}


def draw_name(rng: Random, *, male: bool, child: bool) -> str:
    """One full name in capitals. Newborns since 2022 have two words or more."""
    words = rng.choices(_WORDS, cum_weights=_WORD_WEIGHTS)[0]
    if child and words == 1:
        words = 2
    weights = _ONE_WORD if words == 1 else _CHILD if child else _MORE_WORDS
    culture = rng.choices(_CULTURES, cum_weights=weights)[0]
    tokens = list(dict.fromkeys(_tokens(rng, culture, words, "male" if male else "female")))
    while len(tokens) > 1 and len(" ".join(tokens)) > _LONGEST:
        del tokens[-2 if len(tokens) > 2 else -1]
    if len(tokens) > 1 and not child:
        tokens = _with_initials(rng, tokens)
    return _old(rng, " ".join(tokens)) if not child else " ".join(tokens)


def _tokens(rng: Random, culture: str, words: int, sex: str) -> list[str]:
    if culture == "batak":
        return [*_many(rng, "christian", sex, words - 1), rng.choice(seeds()["marga"])]
    if culture == "christian":
        return [*_many(rng, "christian", sex, words - 1), _last(rng, sex)]
    if culture == "chinese":
        return [
            rng.choice(seeds()["chinese_family"]),
            *_many(rng, "chinese", sex, max(1, words - 1)),
        ]
    if culture == "bali":
        return _balinese(rng, words, sex)
    if words == 1:
        return [_mononym(rng, culture, sex)]
    if culture == "arabic":
        return _arabic(rng, words, sex)
    return [*_many(rng, culture, sex, words - 1), _last(rng, sex)]


def _arabic(rng: Random, words: int, sex: str) -> list[str]:
    if sex == "male" and rng.random() < _MUHAMMAD * 2.2:
        first = "M" if rng.random() < _M_ALONE else "MUHAMMAD"
        return [first, *_many(rng, "arabic", sex, words - 2), _last_or_given(rng, sex)]
    if sex == "male" and rng.random() < _ABDUL * 2:
        rest = _many(rng, "arabic", sex, words - 2)
        return ["ABDUL", rng.choice(seeds()["abdul"]), *rest]
    if sex == "female" and rng.random() < _SITI:
        return ["SITI", *_many(rng, "arabic", sex, words - 1)]
    return [*_many(rng, "arabic", sex, words - 1), _last_or_given(rng, sex)]


def _balinese(rng: Random, words: int, sex: str) -> list[str]:
    lists = seeds()
    prefix = "I" if sex == "male" else "NI"
    title = [rng.choice(lists["bali_title"])] if rng.random() < 0.3 else []
    order = rng.choice(lists["bali_order"])
    return [prefix, *title, order, *_many(rng, "balinese", sex, max(1, words - 2))]


def _many(rng: Random, culture: str, sex: str, count: int) -> list[str]:
    return [_given(rng, culture, sex) for _ in range(count)]


def _given(rng: Random, culture: str, sex: str) -> str:
    # Common names are much commoner than rare ones, as in life.
    names = seeds()[sex][culture]
    return str(names[int(len(names) * rng.random() ** 1.6)])


def _last(rng: Random, sex: str) -> str:
    chance = rng.random()
    if chance < 0.22:
        return _compound(rng, sex)
    names = seeds()["last"][sex]
    return str(names[int(len(names) * rng.random() ** 1.3)])


def _last_or_given(rng: Random, sex: str) -> str:
    return _last(rng, sex) if rng.random() < 0.55 else _given(rng, "arabic", sex)


def _mononym(rng: Random, culture: str, sex: str) -> str:
    """A mononym. Most are rare, and are composed of syllables."""
    return _compound(rng, sex) if rng.random() < 0.6 else _given(rng, culture, sex)


_BEGIN = (
    "SU KAR MAR SA RO WA TU DAR PAR MU JU SO NGA HAR KAS MIS ROS NAR PRI HER BUD WI NUR SAL JAM"
    " RAH AM MUN SUM SUP SUR SAN TAR WAR YAT"
).split()
_MIDDLE = "MI NI TI YA RI DI SI LI TA NA WI KI MA DA JI LA SA".split()
_END_MALE = "NO TO DI MAN JO RTO YONO MIN DIN RJO WAN LI KIM SIN TONO RUDIN RIP".split()
_END_FEMALE = "YEM NAH TI NI SIH YATI RTI NEM LAH INAH WATI NINGSIH MAH ROH SARI ANI".split()


def _compound(rng: Random, sex: str) -> str:
    middle = rng.choice(_MIDDLE) if rng.random() < 0.75 else ""
    return rng.choice(_BEGIN) + middle + rng.choice(_END_MALE if sex == "male" else _END_FEMALE)


def _with_initials(rng: Random, tokens: list[str]) -> list[str]:
    chance = rng.random()
    if chance < _LAST_INITIAL:
        return [*tokens[:-1], tokens[-1][0]]
    if chance < _LAST_INITIAL + _INNER_INITIAL:
        return [tokens[0], rng.choice("AMRSH"), *tokens[1:]]
    return tokens


def _old(rng: Random, name: str) -> str:
    """The spelling of before 1972, which many papers keep."""
    if rng.random() >= _OLD_SPELLING:
        return name
    fitting = [pair for pair in _OLD if pair[0] in name]
    return name.replace(*rng.choice(fitting), 1) if fitting else name
