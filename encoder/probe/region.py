"""Synthetic people as dense as in a list of millions: in households and in salt groups.

Two thousand people drawn from a whole province rarely share a date, a neighbourhood or a card, but
a linkage unit sees the whole province. So these people live in few neighbourhoods, in households,
and were born on few days: each of these has as many people as in the largest list.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from encoder.encoding.terms import used_columns
from encoder.normalise import normalise_column
from encoder.normalise.sound import sounds_of
from encoder.probe import sizes
from encoder.probe.group import Columns, SyntheticPerson
from encoder.synthetic.names import draw_name
from policy.charter import Charter, Encoding, FieldKind

_OF_A_HOME: tuple[FieldKind, ...] = ("place", "text", "postal", "address", "rtrw")
_AT_ONCE, _DRAWS = 4_000, 12
_FIRST, _DAYS = date(1940, 1, 1), 365 * 75


def people_of_region(charter: Charter, rows: int, people: int, seed: int) -> Columns:
    """Normalised columns of `rows` people, as dense as in a list of `people`."""
    rng = Random(f"{seed}/region")  # noqa: S311
    # Members of a household were born on different days.
    dates = max(sizes.HOUSEHOLD, round(rows * sizes.PEOPLE_A_DATE / people))
    days = [_FIRST + timedelta(days=rng.randrange(_DAYS)) for _ in range(dates)]
    cells: list[dict[str, str]] = []
    home = SyntheticPerson(rng, one_date=False)
    shared: dict[FieldKind, str] = {}
    while len(cells) < rows:
        if len(cells) % sizes.NEIGHBOURS < sizes.HOUSEHOLD:
            home = SyntheticPerson(rng, one_date=False)
            shared = {kind: home.cell(kind) for kind in _OF_A_HOME}
        shared["kk"] = home.cell("kk")
        for born in rng.sample(days, sizes.HOUSEHOLD):
            person = SyntheticPerson(rng, one_date=False).moved(home, born)
            cells.append(
                {f.name: shared.get(f.kind) or person.cell(f.kind) for f in charter.fields}
            )
    return _normalised(charter, cells[:rows])


def people_of_salts(
    charter: Charter, encoding: Encoding, size: int, groups: int, seed: int
) -> Columns:
    """`groups` times `size` people; people of a group share all salt values of the encoding."""
    rng = Random(f"{seed}/{encoding.name}")  # noqa: S311
    columns = (*encoding.salt, *encoding.split)
    parts = {f.name: sizes.name_parts(f.name, columns) for f in charter.fields}
    names = {
        f.name: _alike(rng, parts[f.name], size * groups)
        for f in charter.fields
        if f.kind == "name" and parts[f.name]
    }
    cells = []
    for row in range(size * groups):
        if row % size == 0:
            one = SyntheticPerson(rng, one_date=True)
            salt = {f.name: one.cell(f.kind) for f in charter.fields if parts[f.name]}
        person = SyntheticPerson(rng, one_date=False).moved(one, None)
        own = {f.name: person.cell(f.kind) for f in charter.fields} | salt
        own |= {name: drawn[row] for name, drawn in names.items()}
        for name, parted in parts.items():
            if "front" in parted:
                own[name] = f"{salt[name][:-4]}{row % size + 1:04d}"
        cells.append(own)
    return _normalised(charter, cells)


def _alike(rng: Random, parts: tuple[str, ...], rows: int) -> list[str]:
    """`rows` names that share the most common value of these parts; repeated if there are few."""
    wanted = sizes.commonest(parts)[0]
    found: list[str] = []
    for _ in range(_DRAWS):
        drawn = [draw_name(rng, male=rng.random() < 0.5, child=False) for _ in range(_AT_ONCE)]
        heard = sounds_of(drawn)
        of = {"": drawn, "sound": heard.sounds, "head": heard.heads, "tail": heard.tails}
        values = zip(*(of[part] for part in parts), strict=True)
        found += [name for name, value in zip(drawn, values, strict=True) if value == wanted]
        if len(found) >= rows:
            break
    return [found[row % len(found)] for row in range(rows)]


def _normalised(charter: Charter, cells: list[dict[str, str]]) -> Columns:
    columns: Columns = {}
    used = used_columns(charter)
    for each in charter.fields:
        raw = [row[each.name] for row in cells]
        columns.update(normalise_column(each.name, each.kind, raw, used).columns)
    return columns
