"""The kab/kota and kelurahan of DKI Jakarta: names and weights are real, streets are not."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

import yaml


@dataclass(frozen=True)
class SyntheticRegion:
    """A kab/kota by its Kemendagri code; `residents` are weights."""

    code: str
    residents: int
    kelurahan: tuple[str, ...]


def _read() -> tuple[SyntheticRegion, ...]:
    text = resources.files("encoder.synthetic").joinpath("places.yaml").read_text("utf-8")
    return tuple(
        SyntheticRegion(code, each["residents"], tuple(each["kelurahan"]))
        for code, each in yaml.safe_load(text).items()
    )


REGIONS = _read()
KELURAHAN = tuple(name for region in REGIONS for name in region.kelurahan)
REGION_OF = {name: region.code for region in REGIONS for name in region.kelurahan}
