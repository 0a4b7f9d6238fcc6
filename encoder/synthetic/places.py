"""Where synthetic people live: names of places and numbers of residents are real, streets are not.

DKI Jakarta is the default, from a table of its own (places.yaml, Permendagri 72/2019). Every other
region comes from the code book of all regions (`policy.regions`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from itertools import accumulate

import yaml

from policy.regions import find, inside

# The code of the default region.
DKI = "31"
# Where people come from who moved to the region.
_ORIGINS = "3201 3216 3275 3301 3322 3374 3401 3501 3578 1271 1671 1871".split()


@dataclass(frozen=True)
class SyntheticRegion:
    """A kab/kota by its Kemendagri code; `residents` are weights."""

    code: str
    residents: int
    kelurahan: tuple[str, ...]


@dataclass(frozen=True)
class Places:
    """A province or kab/kota: its kab/kota, with their kelurahan and desa."""

    province: str
    regions: tuple[SyntheticRegion, ...]
    origins: tuple[str, ...]

    @cached_property
    def weights(self) -> list[int]:
        """Residents of the first kab/kota, of the first two, and so on."""
        return list(accumulate(each.residents for each in self.regions))

    @cached_property
    def kelurahan(self) -> tuple[tuple[str, str], ...]:
        """Each kelurahan as its name and the code of its kab/kota."""
        return tuple((name, region.code) for region in self.regions for name in region.kelurahan)

    @cached_property
    def numbers(self) -> Mapping[tuple[str, str], int]:
        """The place of each kelurahan in `kelurahan`; those of one name and kab/kota share one."""
        return {each: number for number, each in enumerate(self.kelurahan)}


@cache
def places(region: str = DKI) -> Places:
    """The places of a province or kab/kota by its Kemendagri code; raises BadInput."""
    if region == DKI:
        return Places("DKI JAKARTA", _jakarta(), tuple(_ORIGINS))
    home = find(region)
    return Places(
        find(home.code[:2]).name.upper(),
        tuple(
            SyntheticRegion(
                each.code,
                each.residents,
                tuple(village.name.upper() for village in inside(each.code, "village")),
            )
            for each in inside(home.code[:4], "regency")
        ),
        tuple(origin for origin in _ORIGINS if not origin.startswith(home.code)),
    )


def _jakarta() -> tuple[SyntheticRegion, ...]:
    text = resources.files("encoder.synthetic").joinpath("places.yaml").read_text("utf-8")
    return tuple(
        SyntheticRegion(code, each["residents"], tuple(each["kelurahan"]))
        for code, each in yaml.safe_load(text).items()
    )


REGIONS = places().regions
KELURAHAN = tuple(name for name, _ in places().kelurahan)
REGION_OF = dict(places().kelurahan)
