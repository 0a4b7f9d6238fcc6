"""The people that each source lists, and with which errors: the records before they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random

from encoder.synthetic.care import chances, operator_number, operators, undocumented_listed
from encoder.synthetic.errors import SyntheticEntry, misrecord
from encoder.synthetic.layouts import JAKARTA, SOURCES, SyntheticSource
from encoder.synthetic.names import draw_name
from encoder.synthetic.places import DKI, places
from encoder.synthetic.population import DECEASED, Person
from encoder.synthetic.rates import PROFILES, ProfileName

_LISTED_OF_HOUSEHOLD = 0.8
# Of the homeless a list of the street has nearly all, and a survey of homes few.
_STREET_COVERAGE, _HOME_COVERAGE = 0.9, 0.5


def choose(
    names: tuple[str, ...] = (),
    profiles: Mapping[str, ProfileName] | None = None,
    shares: Mapping[str, float] | None = None,
) -> tuple[SyntheticSource, ...]:
    """Sources of these names, with other profiles and shares where some are given."""
    return tuple(
        replace(
            SOURCES[name],
            profile=(profiles or {}).get(name, SOURCES[name].profile),
            share=(shares or {}).get(name, SOURCES[name].share),
        )
        for name in names or JAKARTA
    )


# A Source has functions, which do not travel to another process: this does.
Told = tuple[tuple[str, ProfileName, float], ...]


def told(chosen: tuple[SyntheticSource, ...]) -> Told:
    return tuple((source.name, source.profile, source.share) for source in chosen)


def heard(sources: Told) -> tuple[SyntheticSource, ...]:
    return tuple(
        replace(SOURCES[name], profile=profile, share=share) for name, profile, share in sources
    )


def records(
    source: SyntheticSource, people: list[Person], number: int, seed: int, region: str = DKI
) -> Iterator[tuple[str, Person, SyntheticEntry]]:
    """The records that a source has of one block of people, in its own order."""
    rng = Random(f"{seed}/{source.name}/{number}")  # noqa: S311 - synthetic people, not secrets
    seen: set[int] = set()
    chosen = _chosen(rng, people, source)
    entries = misrecorded(rng, source, chosen, people, seed, region)
    for serial, (person, entry) in enumerate(entries, 1):
        if person.deceased:
            entry.errors += ("deceased",)
        if person.number in seen:
            entry.errors += ("twice",)
        seen.add(person.number)
        yield f"{source.name[:1].upper()}{number:04d}{serial:05d}", person, entry


def misrecorded(
    rng: Random,
    source: SyntheticSource,
    listed: list[Person],
    around: list[Person],
    seed: int,
    region: str,
) -> Iterator[tuple[Person, SyntheticEntry]]:
    """Each person as the source misrecords them."""
    typists, where = operators(source.name, seed, region), places(region)
    likely = chances(PROFILES[source.profile])
    mothers = "mother_missing" not in source.lacks
    for person in listed:
        yield (
            person,
            misrecord(
                rng,
                person,
                likely,
                around,
                typists[operator_number(where, person.kelurahan, person.region, person.rw)],
                street_list=source.street,
                mother=_mother(person, seed) if mothers else "",
                where=where,
            ),
        )


def _chosen(rng: Random, people: list[Person], source: SyntheticSource) -> list[Person]:
    """Who is in the source: DTKS lists households (with gaps), the others list people."""
    random = rng.random
    rates = PROFILES[source.profile]
    dead = rates.deceased / DECEASED * (1 - DECEASED) / (1 - rates.deceased)
    undocumented = undocumented_listed(rates)
    share = source.share
    if source.households:
        within = max(_LISTED_OF_HOUSEHOLD, share)
        listed = {
            h for h in dict.fromkeys(p.household for p in people) if random() < share / within
        }
        candidates = [p for p in people if p.household in listed]
        share = within
    else:
        candidates = people
    homeless = _STREET_COVERAGE if source.street else share * _HOME_COVERAGE
    housed = share
    if source.street:
        # The share is that of all residents; the homeless, listed first, use up some of it.
        away = sum(p.homeless for p in people)
        left = max(0.0, share * len(people) - away * _STREET_COVERAGE)
        housed = left / max(1, len(people) - away)
    chosen = [
        p
        for p in candidates
        if random()
        < (homeless if p.homeless else housed)
        * (dead if p.deceased else 1.0)
        * (1.0 if p.nik else undocumented)
    ]
    chosen += [person for person in chosen if random() < rates.twice]
    rng.shuffle(chosen)
    return chosen


def _mother(person: Person, seed: int) -> str:
    """The mother's name, the same in every source; siblings share it, wherever she lives."""
    if person.mother:
        return person.mother
    key = person.household * 2 if person.relation == 3 else person.number * 2 + 1
    rng = Random(seed << 64 | key)  # noqa: S311 - synthetic people, not secrets
    return draw_name(rng, male=False, child=False)
