"""A list's rates of missing cells and of errors, derived from its shape."""

from __future__ import annotations

from dataclasses import replace

from encoder.synthetic.care import UNDOCUMENTED, undocumented_listed
from encoder.synthetic.rates import PROFILES, Profile, ProfileName
from policy.charter import Charter, FieldKind
from policy.statements import DatasetCommitment

ALL = CARD_FIELD_LACKING = 1.0
# This share of wrong NIKs is cut off or rounded: normalising drops these.
_NO_NUMBERS = 0.13
# Lists that miss this share of NIKs resemble a register (A), a survey (B), or an old list (C).
_REGISTER, _SURVEY = 0.015, 0.08


def share_of(
    charter: Charter, committed: DatasetCommitment, kind: FieldKind, nth: int = 0
) -> float:
    """The share of people without the nth field of this kind; 1 if the list lacks the field."""
    named = [each.name for each in charter.fields if each.kind == kind]
    if committed.shape is None or len(named) <= nth:
        return ALL
    return committed.shape.missing[named[nth]] / 100


def profile_of(charter: Charter, committed: DatasetCommitment) -> Profile:
    """Error rates of the documented profile closest to the list, with its own missing cells."""
    nik = share_of(charter, committed, "nik")
    name: ProfileName = "B"
    if nik < ALL:
        name = "A" if nik <= _REGISTER else "B" if nik <= _SURVEY else "C"
    rates = PROFILES[name]
    without = UNDOCUMENTED * undocumented_listed(rates)
    own = {
        "nik_missing": max(without, nik - _NO_NUMBERS * rates.nik_wrong),
        "birth_missing": share_of(charter, committed, "date"),
        "sex_missing": share_of(charter, committed, "sex"),
        # Half of these are missing, the other half are old cards.
        "kk_missing": min(0.4, 2 * share_of(charter, committed, "kk")),
        "mother_missing": share_of(charter, committed, "name", 1),
        "rtrw_missing": share_of(charter, committed, "rtrw"),
    }
    lacks = {"nik_missing": nik, **{k: v for k, v in own.items() if k != "nik_missing"}}
    lacks["kk_missing"] = share_of(charter, committed, "kk")
    return replace(rates, **{rate: value for rate, value in own.items() if lacks[rate] < ALL})
