"""Measured error rates next to the documented ones: records compared with the true persons.

Names are judged by the codes of their errors, all else by its value. The homeless on a list
of the street are left out: theirs is four times the documented rate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from encoder.synthetic.care import mean_care_error, operator_number
from encoder.synthetic.errors import SyntheticEntry, is_filler
from encoder.synthetic.layouts import SyntheticSource
from encoder.synthetic.listed import Told, choose, heard, records, told
from encoder.synthetic.places import DKI, places
from encoder.synthetic.population import Person, block
from encoder.synthetic.rates import RATES, ProfileName, Rate
from encoder.synthetic.sources import in_blocks

_ERRORS_ALLOWED = 4.0
_RECORDS = "records"
_CODES = {
    "name-abbreviated": "abbreviated",
    "name-variant": "respelt",
    "name-words": "words_changed",
    "name-nickname": "nickname",
    "name-spaces": "spaces",
    "name-swapped": "swapped",
    "name-mistyped": "mistyped",
    "name-truncated": "truncated",
    "title": "title",
    "twice": "twice",
    "deceased": "deceased",
}


@dataclass(frozen=True)
class MeasuredRate:
    """One rate of one source. `tolerance` is four standard errors."""

    source: str
    profile: ProfileName
    rate: Rate
    records: int
    documented: float
    measured: float
    tolerance: float

    @property
    def holds(self) -> bool:
        return abs(self.measured - self.documented) <= self.tolerance

    def as_json(self) -> dict[str, object]:
        return {
            "source": self.source,
            "profile": self.profile,
            "rate": self.rate.name,
            "records": self.records,
            "documented": self.documented,
            "measured": round(self.measured, 6),
            "tolerance": round(self.tolerance, 6),
            "holds": self.holds,
        }


def measured_rates(
    persons: int,
    seed: int,
    names: tuple[str, ...] = (),
    profiles: Mapping[str, ProfileName] | None = None,
    shares: Mapping[str, float] | None = None,
    region: str = DKI,
) -> tuple[MeasuredRate, ...]:
    """The rates of what `write_sources` writes from the same arguments."""
    chosen = choose(names, profiles, shares)
    found: dict[str, Counter[str]] = {source.name: Counter() for source in chosen}
    typed: dict[str, Counter[int]] = {source.name: Counter() for source in chosen}
    for counts in in_blocks(partial(_block_counts, told(chosen), seed, region), persons):
        for name, (errors, operators) in counts.items():
            found[name].update(errors)
            typed[name].update(operators)
    return tuple(
        _measured(source, rate, found[source.name], list(typed[source.name].values()))
        for source in chosen
        for rate in RATES
        if rate.name not in source.lacks
    )


def _measured(
    source: SyntheticSource, rate: Rate, found: Counter[str], typed: list[int]
) -> MeasuredRate:
    documented = rate.of(source.profile)
    count = found[_RECORDS]
    base = count - found["twice"] if rate.name == "twice" else count
    variance = documented * (1 - documented) / max(base, 1)
    if rate.clustered:
        # A careless operator types many records, so these are not independent.
        variance += (documented * mean_care_error(typed)) ** 2
    # A share of few records changes in steps of whole records.
    tolerance = _ERRORS_ALLOWED * variance**0.5 + (2 / max(base, 1) if documented else 0)
    return MeasuredRate(
        source.name,
        source.profile,
        rate,
        count,
        documented,
        found[rate.name] / max(base, 1),
        tolerance,
    )


def _block_counts(
    chosen: Told, seed: int, region: str, numbered: tuple[int, int]
) -> dict[str, tuple[Counter[str], Counter[int]]]:
    number, size = numbered
    people, where = block(number, size, seed, region), places(region)
    counts = {}
    for source in heard(chosen):
        errors: Counter[str] = Counter()
        operators: Counter[int] = Counter()
        for _, person, entry in records(source, people, number, seed, region):
            if not (source.street and person.homeless):
                errors[_RECORDS] += 1
                typist = operator_number(where, person.kelurahan, person.region, person.rw)
                operators[typist] += 1
                errors.update(_seen(person, entry))
        counts[source.name] = errors, operators
    return counts


def _seen(person: Person, entry: SyntheticEntry) -> list[str]:
    """The names of the rates that this record counts for."""
    seen = [_CODES[code] for code in entry.errors if code in _CODES]
    nik = entry.nik
    if is_filler(nik):
        seen.append("nik_missing")
    elif "nik-strangers" in entry.errors:
        seen.append("nik_strangers")
    elif len(nik) == 16 and nik[0] == "0":
        seen.append("nik_temporary")
    elif nik not in (person.nik, person.other_nik):
        seen.append("nik_wrong")
    if entry.kk != person.kk:
        seen.append("kk_missing")
    if entry.birth != person.birth:
        seen.append("birth_wrong" if entry.birth else "birth_missing")
    if entry.sex != ("M" if person.male else "F"):
        seen.append("sex_wrong" if entry.sex else "sex_missing")
    if not entry.mother:
        seen.append("mother_missing")
    if entry.kelurahan != person.kelurahan:
        seen.append("moved")
    if not entry.rt:
        seen.append("rtrw_missing")
    return seen
