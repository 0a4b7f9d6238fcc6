"""The tally of repeats against plain counting, in memory and spilled."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from encoder.quality.counts import RepeatCounts
from encoder.quality.tally import Tally, digests_under

KEYS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("xyz")), max_size=60)


@given(KEYS, st.sampled_from([48, 100_000]))
def test_repeats(rows: list[tuple[str, str]], held: int) -> None:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    tally, digest = Tally(held), digests_under(b"run")
    for key, other in rows:
        groups[key].append(other)
        tally.add(digest(key) + digest(other))
    several = [others for others in groups.values() if len(others) > 1]
    assert tally.repeats() == RepeatCounts(
        rows=sum(map(len, several)),
        keys=len(several),
        largest=max(map(len, several), default=0),
        differing=sum(len(set(others)) > 1 for others in several),
    )


def test_two_runs_hash_under_different_keys() -> None:
    key = "3171915403900001"
    assert digests_under(b"one")(key) != digests_under(b"two")(key)
