"""Later editions of a source: who came and went, died, moved, was corrected, or changed decile.

Edition 1 is what `sources` writes. Every later one follows from the one before it by draws of its
own, which depend on seed, edition and resident alone, so that rows of which nothing changed keep
every byte. What happens to residents happens in every source; which of its errors a source
corrects, and the people that it lists now, are its own.
A later edition has a last column `keberadaan`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random

from encoder.synthetic.circumstances import welfare_decile
from encoder.synthetic.errors import SyntheticEntry, elsewhere
from encoder.synthetic.places import Places
from encoder.synthetic.population import Person

PRESENCE = "keberadaan"
HERE, DEAD, AWAY = "Ditemukan", "Meninggal", "Pindah"
# Of the residents, or of their households, in one quarter of a year; assumptions.
DIED, MOVED_AWAY, MOVED_WITHIN, DECILE_CHANGED = 0.003, 0.005, 0.015, 0.12
# Of the rows: taken out, and new ones for each row there was.
_DROPPED, _CAME = 0.015, 0.02
# Of the rows with errors.
_CORRECTED = 0.15
_DECILES = range(1, 11)
_DECILE, _EXTREME = "desil_nasional", "miskin_ekstrem"


@dataclass(frozen=True)
class LaterEntry:
    """A record in a later edition; `events` says in words what has happened since the first."""

    entry: SyntheticEntry
    decile: int
    presence: str = HERE
    events: tuple[str, ...] = ()


def later_entry(
    seed: int,
    edition: int,
    source: str,
    record_id: str,
    person: Person,
    entry: SyntheticEntry,
    where: Places,
    *,
    since: int = 1,
) -> LaterEntry | None:
    """The record in this edition, if it was there in edition `since`; None if it has gone."""
    later = LaterEntry(replace(entry), welfare_decile(person))
    for number in range(since + 1, edition + 1):
        if later.presence != HERE:
            return None
        step = _next(seed, number, source, record_id, person, later, where)
        if step is None:
            return None
        later = step
    return later


def _next(
    seed: int,
    edition: int,
    source: str,
    record_id: str,
    person: Person,
    later: LaterEntry,
    where: Places,
) -> LaterEntry | None:
    own = _draws(f"{seed}/{edition}/{source}/{record_id}")
    life = _draws(f"{seed}/{edition}/person/{person.number}")
    home = _draws(f"{seed}/{edition}/household/{person.household}")
    if own.random() < _DROPPED:
        return None
    if person.deceased or life.random() < DIED:
        return replace(later, presence=DEAD, events=(*later.events, "died"))
    if home.random() < MOVED_AWAY:
        return replace(later, presence=AWAY, events=(*later.events, "moved-away"))
    entry, decile, events = replace(later.entry), later.decile, list(later.events)
    if home.random() < DECILE_CHANGED:
        changed = decile + home.choice((-2, -1, -1, 1, 1, 2))
        if changed in _DECILES:
            events.append("decile-up" if changed > decile else "decile-down")
            decile = changed
    if home.random() < MOVED_WITHIN:
        elsewhere(home, entry, where)
        events.append("moved-within")
    if entry.errors and own.random() < _CORRECTED:
        entry = _corrected(entry, person)
        events.append("corrected")
    return LaterEntry(entry, decile, events=tuple(events))


def _corrected(entry: SyntheticEntry, person: Person) -> SyntheticEntry:
    """What identifies the person, as it really is; an address stays as it was recorded."""
    return replace(
        entry,
        name=person.name,
        sex="M" if person.male else "F",
        birth=person.birth,
        nik=person.nik,
        kk=person.kk,
        errors=(),
    )


def newcomers(
    seed: int, edition: int, source: str, people: Iterable[Person], rows: int, listed: set[int]
) -> list[Person]:
    """Residents that the source lists from this edition on. `rows`: its rows of edition 1.

    `listed` are the numbers of those who were on it at any time.
    """
    waiting = [p for p in people if p.number not in listed and not p.deceased]
    share = min(0.25, _CAME * rows / len(waiting)) if waiting else 0.0
    return [
        person
        for person in waiting
        if _draws(f"{seed}/{edition}/{source}/new/{person.number}").random() < share
    ]


def later_row(header: Sequence[str], row: Sequence[str], later: LaterEntry) -> list[str]:
    """The cells of a row with its decile of this edition, and the column `keberadaan`."""
    cells = dict(zip(header, row, strict=True))
    if _DECILE in cells:
        cells[_DECILE] = str(later.decile)
    if cells.get(_EXTREME) == "1" and later.decile > 1:
        cells[_EXTREME] = "0"
    return [*cells.values(), later.presence]


def _draws(key: str) -> Random:
    return Random(key)  # noqa: S311 - synthetic people, not secrets
