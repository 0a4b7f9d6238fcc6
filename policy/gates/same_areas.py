"""Which areas of two lists are the same place, by their names.

Capital letters, spaces and the word for a kelurahan do not make another place. Where several areas
of one list have the same letters, only those of the very same names are put together.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from policy.gates.coverage import AreaCounts
from policy.gates.reverse_coverage import AreaMissing

_KIND_OF_PLACE = re.compile(r"^(kelurahan|kel|desa|ds)\b\.? ?(?=[a-z]{3})")
_Area: TypeAlias = AreaCounts | AreaMissing
_Names: TypeAlias = tuple[str, str]


def same_areas(ours: Sequence[AreaCounts], theirs: Sequence[AreaMissing]) -> list[int | None]:
    """For each of their areas, the place of the same one in `ours`; each place at most once.

    Both are of one level. Several small areas in one sum are those of one list alone.
    """
    mine, others = _by_letters(ours), _by_letters(theirs)
    found: list[int | None] = [None] * len(theirs)
    for letters, places in others.items():
        candidates = mine.get(letters, [])
        if len(candidates) == len(places) == 1:
            found[places[0]] = candidates[0]
            continue
        named = {_names(ours[each]): each for each in candidates}
        for place in places:
            found[place] = named.pop(_names(theirs[place]), None)
    return found


def _by_letters(areas: Sequence[_Area]) -> Mapping[_Names, list[int]]:
    found: dict[_Names, list[int]] = defaultdict(list)
    for place, each in enumerate(areas):
        if not each.pooled:
            found[_letters(each.district), _letters(each.area)].append(place)
    return found


def _names(area: _Area) -> _Names:
    return area.district, area.area


def _letters(name: str) -> str:
    plain = _KIND_OF_PLACE.sub("", " ".join(name.casefold().split()))
    return "".join(each for each in plain if each.isalnum())
