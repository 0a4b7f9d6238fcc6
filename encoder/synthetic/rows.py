"""The rows of one block of people, as a source writes them in an edition, with their truth."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from encoder.synthetic.editions import later_entry, later_row, newcomers
from encoder.synthetic.errors import SyntheticEntry
from encoder.synthetic.layouts import Row, SyntheticSource
from encoder.synthetic.listed import misrecorded, records
from encoder.synthetic.places import places
from encoder.synthetic.population import Person

Truths = tuple[str, int, str]


def first_rows(
    source: SyntheticSource, people: list[Person], number: int, seed: int, region: str
) -> Iterator[tuple[Row, Truths]]:
    """The rows of a block in edition 1, each with its record id, person and errors."""
    rng = _cells(f"{seed}/{source.name}/{number}/cells")
    for record_id, person, entry in records(source, people, number, seed, region):
        row = source.write(rng, record_id, person, entry)
        yield row, (record_id, person.number, " ".join(entry.errors))


def later_rows(
    source: SyntheticSource,
    people: list[Person],
    number: int,
    seed: int,
    region: str,
    *,
    edition: int,
) -> Iterator[tuple[Row, Truths]]:
    """The same in a later edition; its truth also says what happened since the first."""
    name, where, listed, first = source.name, places(region), set[int](), 0

    def later(
        record_id: str, person: Person, entry: SyntheticEntry, cells: Random, since: int
    ) -> Iterator[tuple[Row, Truths]]:
        now = later_entry(seed, edition, name, record_id, person, entry, where, since=since)
        if now is not None:
            row = source.write(cells, record_id, person, now.entry)
            events = " ".join((*now.entry.errors, *now.events))
            yield later_row(source.header, row, now), (record_id, person.number, events)

    rng, spare = _cells(f"{seed}/{name}/{number}/cells"), Random()  # noqa: S311 - as above
    for record_id, person, entry in records(source, people, number, seed, region):
        # The draws for the cells of other rows stay those of edition 1.
        spare.setstate(rng.getstate())
        source.write(rng, record_id, person, entry)
        yield from later(record_id, person, entry, spare, 1)
        listed.add(person.number)
        first += 1
    for came_in in range(2, edition + 1):
        came = newcomers(seed, came_in, name, people, first, listed)
        draws = _cells(f"{seed}/{name}/{number}/edition-{came_in}")
        entries = misrecorded(draws, source, came, people, seed, region)
        for serial, (person, entry) in enumerate(entries, 1):
            record_id = f"{name[:1].upper()}{number:04d}E{came_in}{serial:05d}"
            yield from later(record_id, person, entry, _cells(f"{seed}/{record_id}"), came_in)
            listed.add(person.number)


def _cells(key: str) -> Random:
    return Random(key)  # noqa: S311 - synthetic people, not secrets
