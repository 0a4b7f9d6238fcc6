"""What a survey would find about a resident beyond identity, for examples of programmes.

Drawn from the resident and not from a source's stream: every source finds the same, members of a
household have one welfare decile, and no other column changes. Some answers are missing, as in
every survey. Aid reaches most of the poor and some of the others, as aid does.
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
_EXTREME = 0.3  # of the lowest decile
_POOR = range(1, 5)
_BPNT, _PKH = (0.6, 0.08), (0.4, 0.04)  # of the poor, of the others
_MISSING = 0.02
_PREGNANT, _STUNTING, _DISABLED = 0.05, 0.22, 0.03
_CHRONIC_YOUNG, _CHRONIC_OLD = 0.02, 0.30
_OLD, _YOUNG_CHILD = 60, 5
_FERTILE = range(15, 50)
_SCHOOL, _PUPILS = range(6, 22), {6: 0.97, 13: 0.94, 16: 0.80, 19: 0.35}


def circumstances(person: Person) -> list[str]:
    """The cells of CIRCUMSTANCES for one resident; '' is a missing answer."""
    draws = _draws(f"{person.number}/{person.name}/{person.birth}")
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


def welfare_decile(person: Person) -> int:
    """1 to 10, the same for a whole household."""
    return 1 + int(_of_household(person)[0] * 10)


def is_extremely_poor(person: Person) -> bool:
    return welfare_decile(person) == 1 and _of_household(person)[1] < _EXTREME


def receives_bpnt(person: Person) -> bool:
    return _reaches(person, _of_household(person)[2], _BPNT)


def receives_pkh(person: Person) -> bool:
    return _reaches(person, _of_household(person)[3], _PKH)


def _reaches(person: Person, draw: float, shares: tuple[float, float]) -> bool:
    return draw < shares[welfare_decile(person) not in _POOR]


def _of_household(person: Person) -> list[float]:
    return _draws(f"{person.household}/{person.kk}")


def _draws(key: str) -> list[float]:
    """Ten numbers from 0 to 1 that follow from the key."""
    digest = sha256(key.encode()).digest()
    return [int.from_bytes(digest[at : at + 3], "big") / 2**24 for at in range(0, 30, 3)]


def _schooling(age: int, draw: float) -> str:
    if age < min(_SCHOOL):
        return "belum sekolah"
    if age not in _SCHOOL:
        return "tidak sekolah lagi"
    share = next(share for least, share in reversed(_PUPILS.items()) if age >= least)
    return "masih sekolah" if draw < share else "tidak sekolah lagi"
