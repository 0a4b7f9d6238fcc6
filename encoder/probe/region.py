"""Synthetic people as close together as a list of millions has them: in households, in groups.

Two thousand people drawn from all of a province share hardly a date, a neighbourhood or a card, and
a linkage unit sees all of it. So these people live in few neighbourhoods, in households, and were
born on few days: of each there are as many as the largest list has.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from encoder.normalise import normalise_column
from encoder.normalise.sound import sounds_of
from encoder.probe import sizes
from encoder.probe.group import Columns, SyntheticPerson
from encoder.terms import used_columns
from policy.charter import Charter, Encoding, FieldKind

_OF_A_HOME: tuple[FieldKind, ...] = ("place", "text", "postal", "address", "rtrw")
_DRAWS_AT_ONCE = 4_000
_FIRST, _DAYS = date(1940, 1, 1), 365 * 75


def people_of_region(charter: Charter, rows: int, people: int, seed: int) -> Columns:
    """Normalised columns of `rows` people, as dense as in a list of so many."""
    rng = Random(f"{seed}/region")  # noqa: S311
    dates = max(1, rows * sizes.PEOPLE_A_DATE // people)
    days = [_FIRST + timedelta(days=rng.randrange(_DAYS)) for _ in range(dates)]
    cells: list[dict[str, str]] = []
    home = SyntheticPerson(rng, one_date=False)
    shared: dict[FieldKind, str] = {}
    while len(cells) < rows:
        if len(cells) % sizes.NEIGHBOURS < sizes.HOUSEHOLD:
            home = SyntheticPerson(rng, one_date=False)
            shared = {kind: home.cell(kind) for kind in _OF_A_HOME}
        shared["kk"] = home.cell("kk")
        for _ in range(sizes.HOUSEHOLD):
            person = SyntheticPerson(rng, one_date=False).moved(home, rng.choice(days))
            cells.append(
                {f.name: shared.get(f.kind) or person.cell(f.kind) for f in charter.fields}
            )
    return _normalised(charter, cells[:rows])


def people_of_one_salt(charter: Charter, encoding: Encoding, rows: int, seed: int) -> Columns:
    """`rows` people who share all that the encoding is salted and split by."""
    rng = Random(f"{seed}/{encoding.name}")  # noqa: S311
    columns = (*encoding.salt, *encoding.split)
    one = SyntheticPerson(rng, one_date=True)
    names: dict[str, list[str]] = {}
    shared: dict[str, str] = {}
    for field in charter.fields:
        parts = sizes.name_parts(field.name, columns)
        if parts and field.kind == "name":
            names[field.name] = _alike(rng, parts, rows)
        elif parts:
            shared[field.name] = one.cell(field.kind)
    cells = []
    for row in range(rows):
        person = SyntheticPerson(rng, one_date=False).moved(one, None)
        own = {f.name: person.cell(f.kind) for f in charter.fields} | shared
        own |= {name: drawn[row] for name, drawn in names.items()}
        for field in charter.fields:
            if f"{field.name}.front" in columns:
                own[field.name] = f"{shared[field.name][:-4]}{row + 1:04d}"
        cells.append(own)
    return _normalised(charter, cells)


def _alike(rng: Random, parts: tuple[str, ...], rows: int) -> list[str]:
    """So many names that share the commonest value of these parts; fewer different ones repeat."""
    wanted = sizes.commonest(parts)[0]
    found: list[str] = []
    while len(found) < min(rows, _DRAWS_AT_ONCE):
        drawn = [SyntheticPerson(rng, one_date=False).cell("name") for _ in range(_DRAWS_AT_ONCE)]
        heard = sounds_of(drawn)
        of = {"": drawn, "sound": heard.sounds, "head": heard.heads, "tail": heard.tails}
        values = zip(*(of[part] for part in parts), strict=True)
        found += [name for name, value in zip(drawn, values, strict=True) if value == wanted]
    return [found[row % len(found)] for row in range(rows)]


def _normalised(charter: Charter, cells: list[dict[str, str]]) -> Columns:
    columns: Columns = {}
    used = used_columns(charter)
    for each in charter.fields:
        raw = [row[each.name] for row in cells]
        columns.update(normalise_column(each.name, each.kind, raw, used).columns)
    return columns
