"""Official records (berita acara): the opening formula, the signatories, and the closing.

1. The day is written in words and in digits. It is not earlier than what the record is about.
2. The participants are offices, by name and post; member ids do not appear.
3. People's names and staff numbers are written by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from policy.base.dates import WIB, day_in_words, long_day
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.numerals import in_words, ordinal
from policy.base.words import Words
from policy.papers.agreed import office
from policy.papers.paper import BY_HAND, Datum, Letterhead, Minutes, Signatory
from policy.project import Project

_PLACE = Words("................", "................")
_WITNESSES = 2


@dataclass(frozen=True)
class Meeting:
    """The officer's input: head, number, place, day, posts by member, witnesses."""

    letterhead: Letterhead | None = None
    number: str = ""
    place: str = ""
    day: date | None = None
    posts: Mapping[str, str] = field(default_factory=dict)
    witnesses: tuple[str, ...] = ()


def minutes(
    project: Project,
    meeting: Meeting,
    now: datetime,
    members: Sequence[str],
    stated: Words,
    happened: datetime,
) -> Minutes:
    """The minutes of these members, in their order.

    Raises BadInput for a post of another member, or for a day that is too early.
    """
    _require_members(meeting, members)
    day = meeting.day or now.astimezone(WIB).date()
    if day < happened.astimezone(WIB).date():
        earliest = long_day(happened.astimezone(WIB).date())
        raise BadInput(
            PolicyCode.PAPERS_DAY,
            Words("Tanggal berita acara mendahului isinya.", "The record's day is too early."),
            Words(f"Paling awal {earliest.id}.", f"At the earliest {earliest.en}."),
        )
    place, written = meeting.place or _PLACE, day_in_words(day)
    at = place if isinstance(place, Words) else Words(place, place)
    copies = len(members)
    return Minutes(
        letterhead=meeting.letterhead,
        number=meeting.number or BY_HAND,
        opening=Words(
            f"Pada hari ini, {written.id}, bertempat di {at.id}, kami yang bertanda tangan di"
            " bawah ini:",
            f"Today, {written.en}, at {at.en}, we, the undersigned:",
        ),
        parties=tuple(_signatories(project, meeting, members)),
        stated=stated,
        closing=Words(
            f"Demikian berita acara ini dibuat dengan sebenarnya dalam rangkap {in_words(copies)}"
            f" ({copies}), untuk dipergunakan sebagaimana mestinya.",
            f"This record was made truthfully, in {copies} originals, to be used as is proper.",
        ),
        place=place,
        day=day,
        witnesses=tuple(_witnesses(meeting)),
    )


def called(number: int) -> Words:
    """The name of a party by its number, such as PIHAK KEDUA."""
    english = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
    name = english[number - 1] if number <= len(english) else f"no. {number}"
    return Words(f"PIHAK {ordinal(number).upper()}", f"{name.upper()} PARTY")


def all_called(numbers: Iterable[int]) -> Words:
    """The names of several parties: PIHAK KEDUA, PIHAK KETIGA, dan PIHAK KEEMPAT."""
    names = [called(number) for number in numbers]
    return Words(
        _listed([each.id for each in names], "dan"), _listed([each.en for each in names], "and")
    )


def _listed(names: list[str], last: str) -> str:
    if len(names) < 3:
        return f" {last} ".join(names)
    return f"{', '.join(names[:-1])}, {last} {names[-1]}"


def _signatories(project: Project, meeting: Meeting, members: Sequence[str]) -> Iterable[Signatory]:
    for number, member in enumerate(members, 1):
        post: Datum = meeting.posts.get(member) or BY_HAND
        yield Signatory(called(number), office(project, member), post)


def _witnesses(meeting: Meeting) -> Iterable[Signatory]:
    """The witnesses that the officer named; two lines to fill in if there are none."""
    posts: tuple[Datum, ...] = meeting.witnesses or (BY_HAND,) * _WITNESSES
    for number, post in enumerate(posts, 1):
        name = ordinal(number).upper()
        yield Signatory(Words(f"SAKSI {name}", f"WITNESS {number}"), "", post)


def _require_members(meeting: Meeting, members: Sequence[str]) -> None:
    strangers = ", ".join(sorted(set(meeting.posts) - set(members)))
    if strangers:
        signing = ", ".join(members)
        raise BadInput(
            PolicyCode.PAPERS_POST,
            Words(f"Tidak menandatangani naskah ini: {strangers}.", f"Not signing: {strangers}."),
            Words(f"Yang menandatangani: {signing}.", f"Who signs: {signing}."),
        )
