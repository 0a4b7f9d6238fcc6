"""How many rows of a list share one salt, estimated from its size and common values.

These are estimates: an agency counts its own list at `prepare`, and `group_max` bounds the count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from random import Random

from encoder.normalise.sound import sounds_of
from encoder.synthetic.names import draw_name
from policy.charter import Charter, Encoding, FieldKind

# One day's births in the fullest years, and the people with one placeholder date: a legacy
# list has a placeholder in one date of fourteen, on three days a year.
PEOPLE_A_DATE, PEOPLE_A_PLACEHOLDER = 29_000, 1_800
NEIGHBOURS, LARGEST_NEIGHBOURHOOD = 130, 500
HOUSEHOLD, LARGEST_HOUSEHOLD = 4, 12
# Of one day, sex and kecamatan: about 8 of twelve million, ten times that on a placeholder date.
PEOPLE_A_FRONT, PEOPLE_A_PLACEHOLDER_FRONT = 1_400_000, 140_000
PEOPLE_A_KELURAHAN = 267
YEARS = 55
_NAMES = 12_000
_PARTS = ("sound", "head", "tail")


def largest_group(charter: Charter, encoding: Encoding, people: int) -> int:
    """The most rows of a list of `people` that share the encoding's salt and split.

    The charter's own bound, `group_max`, if it has one.
    """
    if encoding.group_max is not None:
        return encoding.group_max
    kinds = {field.name: field.kind for field in charter.fields}
    columns = (*encoding.salt, *encoding.split)
    usual = _sharing(kinds, columns, people, placeholder=False)
    columns = (*columns, *encoding.placeholder_split)
    return max(1, round(max(usual, _sharing(kinds, columns, people, placeholder=True))))


def commonest(parts: tuple[str, ...]) -> tuple[tuple[str, ...], float]:
    """The most common values of these parts of a name ('' is the whole), and the share of names."""
    count = Counter(zip(*(_parts_of_names()[part] for part in parts), strict=True))
    values, times = count.most_common(1)[0]
    return values, times / _NAMES


def name_parts(name: str, columns: Sequence[str]) -> tuple[str, ...]:
    """The parts of this name field that the columns are."""
    return tuple(c.removeprefix(name).removeprefix(".") for c in columns if c.split(".")[0] == name)


def _sharing(
    kinds: dict[str, FieldKind], columns: Sequence[str], people: int, *, placeholder: bool
) -> float:
    used = {column: kinds[column.split(".")[0]] for column in columns}
    size = float(people)
    dates = any(column.endswith(".day") for column in used)
    fronts = any(column.endswith(".front") for column in used)
    if placeholder and not (dates or fronts):
        return 0.0
    if dates:
        size = people / (PEOPLE_A_PLACEHOLDER if placeholder else PEOPLE_A_DATE)
    if fronts:
        size = min(size, people / (PEOPLE_A_PLACEHOLDER_FRONT if placeholder else PEOPLE_A_FRONT))
    if any(kind == "nik" and not column.endswith(".front") for column, kind in used.items()):
        size = min(size, 1.0)
    if "kk" in used.values():
        size = min(size, LARGEST_HOUSEHOLD)
    if "rtrw" in used.values():
        size = min(size, LARGEST_NEIGHBOURHOOD)
    elif "place" in used.values():
        size = min(size, people / PEOPLE_A_KELURAHAN)
    if not dates and any(column.endswith(".year") for column in used):
        size /= YEARS
    for name in {column.split(".")[0] for column, kind in used.items() if kind == "name"}:
        size *= commonest(name_parts(name, columns))[1]
    return size


@cache
def _parts_of_names() -> dict[str, list[str]]:
    rng = Random("names")  # noqa: S311
    names = [draw_name(rng, male=row % 2 == 0, child=False) for row in range(_NAMES)]
    found = sounds_of(names)
    return dict(zip(("", *_PARTS), (names, found.sounds, found.heads, found.tails), strict=True))
