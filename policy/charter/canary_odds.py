"""What canaries promise: the probability that they catch a service that cheats (T17).

A service that cannot tell canaries from people drops some of the canaries that must match along
with people's matches. At least one of `matched` canaries is missing with probability

    1 - (1 - share) ** matched        if each match is dropped with probability `share`.
"""

from __future__ import annotations

from math import ceil, log

from policy.base.words import Words, number
from policy.charter import CanariesAlike, Charter

# The reported case: one match in a hundred is dropped; and the certainty aimed at.
SMALL_SHARE, CERTAIN_ENOUGH = 0.01, 0.95
# This share of a list's canaries match somewhere, if most of its people do.
USUALLY_MATCHED = 0.85


def caught(matched: int, share: float = SMALL_SHARE) -> float:
    """The probability that dropping this share of all matches also drops a canary's match."""
    return 1 - (1 - share) ** matched


def enough(share: float = SMALL_SHARE, certainty: float = CERTAIN_ENOUGH) -> int:
    """How many matching canaries catch that with this probability."""
    return ceil(log(1 - certainty) / log(1 - share))


def many_canaries(charter: Charter) -> Words:
    """How many canaries a list has."""
    terms = charter.encoding.canaries
    if isinstance(terms, CanariesAlike):
        return Words(f"{terms.rows(0)} kenari per daftar", f"{terms.rows(0)} canaries a list")
    share = f"{terms.share_ppm / 10_000:g}"
    return Words(
        f"kenari {share.replace('.', ',')} % tiap daftar", f"canaries, {share} % of each list"
    )


def promise(charter: Charter, dataset: str) -> Words:
    """What the canaries of a dataset catch, for its fewest and for its most rows."""
    terms = charter.dataset(dataset)
    least, most = (_told(charter, rows) for rows in (terms.rows_min, terms.rows_max))
    return Words(
        f"{dataset}: layanan yang membuang 1 % padanan ketahuan dengan peluang {least.id} (daftar"
        f" tersingkat) sampai {most.id} (terpanjang).",
        f"{dataset}: these canaries catch a service that drops 1 % of matches with probability"
        f" {least.en} (shortest list) to {most.en} (longest).",
    )


def _told(charter: Charter, people: int) -> Words:
    terms = charter.encoding.canaries
    if isinstance(terms, CanariesAlike):
        matched = terms.pairs
    else:
        matched = int(terms.rows(people) * USUALLY_MATCHED)
    percent = f"{100 * caught(matched):.0f} %"
    count = number(matched)
    return Words(f"{percent} ({count.id} harus cocok)", f"{percent} ({count.en} must match)")
