"""The rules: what has changed for one person between two releases, with the reason in words.

Only what both releases tell is compared (`Comparable`): a source or column of one release alone
would make a change of everybody. An empty cell is "not known" and never a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from encoder.normalise.text import clean
from encoder.released.attributes.received import AttributeColumn
from encoder.released.changes.kinds import MEANINGS, ChangeKind, FollowUp
from encoder.released.lists.joined import JoinedRow, SourceColumn, Verdict
from encoder.released.lists.person_states import PersonState, is_remark, said_in
from policy.base.dates import long_day
from policy.base.words import Words

# `desil_nasional`, `desilnasional`, `kelompok desil`, `national_decile`.
_RANK = re.compile(r"(?:^|[^a-z])(?:desil|decile|peringkat|persentil|percentile)")
_NUMBER = re.compile(r"\d{1,9}(?:[.,]0+)?")
_STATES = {"meninggal": Words("meninggal", "dead"), "pindah": Words("pindah", "moved away")}
VERDICTS = {
    Verdict.CONFIRMED: Words("dikonfirmasi", "confirmed"),
    Verdict.NOT_FOUND: Words("tidak ditemukan", "not found"),
    Verdict.TO_CHECK: Words("perlu dicek", "to check"),
}
_EMPTY = Words("kosong", "empty")
_LEFT = Words(
    "Ada di daftar Anda pada rilis sebelumnya, kini tidak.",
    "Was on your list in the release before, and is not now.",
)
_NEW = Words(
    "Belum ada di daftar Anda pada rilis sebelumnya.",
    "Was not on your list in the release before.",
)
_OWN_ROW = Words(
    "Baris Anda sendiri berubah di antara kedua rilis.",
    "Your own row changed between the two releases.",
)
_ROW_CHANGED = Words(
    "Baris Anda berubah sejak dipadankan; pastikan orangnya masih sama.",
    "Your row has changed since it was matched; make sure that it is the same person.",
)


@dataclass(frozen=True)
class Told:
    """What one release tells of one row: verdicts and cells in the order of `Comparable`."""

    verdicts: tuple[Verdict, ...]
    cells: tuple[str, ...] = field(repr=False)
    state: PersonState = ""
    # The row is no longer as it was matched, so perhaps another person is meant.
    changed: bool = False


@dataclass(frozen=True)
class Positions:
    """Where the compared sources and columns are in the table of one release."""

    sources: tuple[int, ...]
    columns: tuple[int, ...]


@dataclass(frozen=True)
class Comparable:
    """What both releases tell: sources and received columns, and where each release has them."""

    sources: tuple[SourceColumn, ...]
    columns: tuple[AttributeColumn, ...]
    before: Positions
    after: Positions
    # Titles of what only one of the releases tells.
    left_out: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Change:
    """One change of one person."""

    kind: ChangeKind
    reason: Words = field(repr=False)

    def action(self, *, receives: bool) -> FollowUp:
        """What is done about it; without aid there is none to lose, and it is noted."""
        meaning = MEANINGS[self.kind]
        return FollowUp.NOTE if meaning.may_lose and not receives else meaning.action


@dataclass(frozen=True)
class Teller:
    """What one release can tell: its sources and received columns, in the order of its table."""

    sources: Sequence[SourceColumn]
    columns: Sequence[AttributeColumn]


def comparable(before: Teller, after: Teller) -> Comparable:
    """Sources of one domain with the same datasets, and columns of one name and sender.

    Of a column that was sent twice the last counts.
    """
    then = {(each.domain, each.sources): at for at, each in enumerate(before.sources)}
    now = {(each.domain, each.sources): at for at, each in enumerate(after.sources)}
    had = _cell_columns(before.columns)
    has = _cell_columns(after.columns)
    sources = [key for key in now if key in then]
    columns = [key for key in has if key in had]
    alone = [
        *(before.sources[at].title for key, at in then.items() if key not in now),
        *(after.sources[at].title for key, at in now.items() if key not in then),
        *(before.columns[at].title for key, at in had.items() if key not in has),
        *(after.columns[at].title for key, at in has.items() if key not in had),
    ]
    return Comparable(
        tuple(after.sources[now[key]] for key in sources),
        tuple(after.columns[has[key]] for key in columns),
        Positions(tuple(then[key] for key in sources), tuple(had[key] for key in columns)),
        Positions(tuple(now[key] for key in sources), tuple(has[key] for key in columns)),
        tuple(dict.fromkeys(alone)),
    )


def _cell_columns(columns: Sequence[AttributeColumn]) -> dict[tuple[str, str], int]:
    """Columns whose cells are compared; a remark is read by `told`, from any sender."""
    return {
        (each.name, each.sender): at for at, each in enumerate(columns) if not is_remark(each.name)
    }


def told(row: JoinedRow, columns: Sequence[AttributeColumn], at: Positions) -> Told:
    """What a release tells of one row; a received remark says of a death or move too."""
    said = [
        said_in(cell)
        for cell, column in zip(row.attributes, columns, strict=True)
        if is_remark(column.name)
    ]
    states = (row.state, *said)
    state: PersonState = "meninggal" if "meninggal" in states else next(filter(None, states), "")
    return Told(
        tuple(row.verdicts[each] for each in at.sources),
        tuple(row.attributes[each] for each in at.columns),
        state,
        changed=row.changed,
    )


def changes_of(
    what: Comparable,
    before: Told | None,
    after: Told | None,
    *,
    row_changed: bool = False,
    born: date | None = None,
) -> list[Change]:
    """All changes of one person, in the order of `ChangeKind`; None: not on that list.

    `row_changed`: the agency itself changed the row between the releases; that may be the reason.
    `born`: the date of birth, if it is between the editions.
    """
    if after is None:
        return [] if before is None else [Change(ChangeKind.LEFT_LIST, _LEFT)]
    if before is None:
        return [Change(ChangeKind.NEW_ON_LIST, _NEW) if born is None else _birth(born)]
    found = [*_states(before, after), *_verdicts(what, before, after), *_cells(what, before, after)]
    reasons: dict[ChangeKind, list[Words]] = {}
    for each in found:
        reasons.setdefault(each.kind, []).append(each.reason)
    if row_changed:
        for said in reasons.values():
            said.append(_OWN_ROW)
    return [Change(kind, _one(reasons[kind])) for kind in ChangeKind if kind in reasons]


def _birth(born: date) -> Change:
    day = long_day(born)
    return Change(
        ChangeKind.BORN,
        Words(
            f"Lahir {day.id}, dan belum ada di daftar Anda pada rilis sebelumnya.",
            f"Born on {day.en}, and was not on your list in the release before.",
        ),
    )


def _one(reasons: Sequence[Words]) -> Words:
    return Words(" ".join(each.id for each in reasons), " ".join(each.en for each in reasons))


def _states(before: Told, after: Told) -> Iterator[Change]:
    if after.state and after.state != before.state:
        said = _STATES[after.state]
        yield Change(
            ChangeKind.DIED_OR_MOVED,
            Words(f"Kini tercatat {said.id}.", f"Now recorded as {said.en}."),
        )
    elif before.state and not after.state:
        said = _STATES[before.state]
        yield Change(
            ChangeKind.OTHER,
            Words(
                f"Dahulu tercatat {said.id}, kini tidak.",
                f"Was recorded as {said.en}, and is not now.",
            ),
        )
    if (before.changed or after.changed) and before != after:
        yield Change(ChangeKind.TO_CHECK, _ROW_CHANGED)


def _verdicts(what: Comparable, before: Told, after: Told) -> Iterator[Change]:
    for source, then, now in zip(what.sources, before.verdicts, after.verdicts, strict=True):
        if then is now:
            continue
        title, was = source.title, VERDICTS[then]
        if now is Verdict.NOT_FOUND:
            yield Change(
                ChangeKind.NO_LONGER,
                Words(
                    f"{title.id} dahulu: {was.id}; kini orang ini tidak ditemukan di sana.",
                    f"{title.en} before: {was.en}; now this person is not found there.",
                ),
            )
        elif now is Verdict.TO_CHECK:
            yield Change(
                ChangeKind.TO_CHECK,
                Words(
                    f"{title.id} dahulu: {was.id}; kini hanya mungkin orang yang sama.",
                    f"{title.en} before: {was.en}; now it is only perhaps the same person.",
                ),
            )
        else:
            yield Change(
                ChangeKind.NEWLY,
                Words(
                    f"{title.id} dahulu: {was.id}; kini dikonfirmasi.",
                    f"{title.en} before: {was.en}; now confirmed.",
                ),
            )


def _cells(what: Comparable, before: Told, after: Told) -> Iterator[Change]:
    # People newly found, or no longer found, have cells at one time only: that is one change.
    if not (_is_found(before) and _is_found(after)):
        return
    for column, then, now in zip(what.columns, before.cells, after.cells, strict=True):
        then, now = clean(then), clean(now)
        if then == now:
            continue
        was, is_now = (Words(cell, cell) if cell else _EMPTY for cell in (then, now))
        yield Change(
            _kind_of(column, then, now),
            Words(
                f"{column.title.id} dahulu {was.id}, kini {is_now.id}.",
                f"{column.title.en} was {was.en}, is now {is_now.en}.",
            ),
        )


def _is_found(told: Told) -> bool:
    return any(verdict is not Verdict.NOT_FOUND for verdict in told.verdicts)


def _kind_of(column: AttributeColumn, then: str, now: str) -> ChangeKind:
    if not now:
        return ChangeKind.UNKNOWN_NOW
    if _RANK.search(column.name.lower().replace("_", " ")):
        rank, ranked = _rank(now), _rank(then)
        if rank is not None and ranked is not None:
            return ChangeKind.DECILE_UP if rank > ranked else ChangeKind.DECILE_DOWN
    return ChangeKind.OTHER


def _rank(cell: str) -> int | None:
    return int(cell.split(".")[0].split(",")[0]) if _NUMBER.fullmatch(cell) else None
