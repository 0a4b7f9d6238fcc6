"""What a survey would find about a resident beyond identity, for examples of programmes.

Drawn from the resident and not from a source's stream: every source would find the same, and no
other column changes. Some answers are missing, as in every survey.
"""

from __future__ import annotations

from hashlib import sha256

from encoder.synthetic.population import TODAY, Person

CIRCUMSTANCES = (
    "risiko_stunting",
    "sedang_hamil",
    "partisipasi_sekolah",
    "disabilitas",
    "penyakit_kronis",
)
_MISSING = 0.02
_PREGNANT, _STUNTING, _DISABLED = 0.05, 0.22, 0.03
_CHRONIC_YOUNG, _CHRONIC_OLD = 0.02, 0.30
_OLD, _YOUNG_CHILD = 60, 5
_FERTILE = range(15, 50)
_SCHOOL, _PUPILS = range(6, 22), {6: 0.97, 13: 0.94, 16: 0.80, 19: 0.35}


def circumstances(person: Person) -> list[str]:
    """The cells of CIRCUMSTANCES for one resident; '' is a missing answer."""
    digest = sha256(f"{person.number}/{person.name}/{person.birth}".encode()).digest()
    draws = [int.from_bytes(digest[at : at + 3], "big") / 2**24 for at in range(0, 30, 3)]
    age = (TODAY - person.birth).days // 365
    pregnant = not person.male and age in _FERTILE and draws[0] < _PREGNANT
    at_risk = (pregnant or age < _YOUNG_CHILD) and draws[1] < _STUNTING
    chronic = _CHRONIC_OLD if age >= _OLD else _CHRONIC_YOUNG
    found = (
        str(int(at_risk)),
        str(int(pregnant)),
        _schooling(age, draws[2]),
        str(int(draws[3] < _DISABLED)),
        str(int(draws[4] < chronic)),
    )
    return [
        "" if missing < _MISSING else cell for cell, missing in zip(found, draws[5:], strict=True)
    ]


def _schooling(age: int, draw: float) -> str:
    if age < min(_SCHOOL):
        return "belum sekolah"
    if age not in _SCHOOL:
        return "tidak sekolah lagi"
    share = next(share for least, share in reversed(_PUPILS.items()) if age >= least)
    return "masih sekolah" if draw < share else "tidak sekolah lagi"
