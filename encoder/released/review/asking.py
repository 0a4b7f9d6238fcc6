"""Which rows a form asks about: every match to check, and a random sample of certain ones.

The precision of certain matches is known only if some of them are looked at. Certain matches are
put in a random order by a seed, and the first of them are the sample: a larger sample with the same
seed contains the smaller one.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from encoder.normalise.nik import nik
from encoder.released.lists.joined import JoinedTable, Verdict
from encoder.released.lists.place_columns import Place
from encoder.released.review.references import References
from encoder.steps.review_answers import AskedRow, DrawnSample, Review, StratumSize
from policy.base.words import Words
from policy.statements.kinds.reviewed import Grade, Nik

_GRADES: Mapping[Verdict, Grade] = {Verdict.CONFIRMED: "certain", Verdict.TO_CHECK: "to-check"}


@dataclass(frozen=True)
class FormRow:
    """One row of a form: a match of one domain, and the person's own cells."""

    reference: str
    domain: str
    source: Words
    place: Place = field(repr=False)
    own: tuple[str, ...] = field(repr=False)
    stratum: tuple[Grade, Nik]
    content: str
    handle: bytes

    @property
    def asked(self) -> AskedRow:
        grade, nik_there = self.stratum
        return AskedRow(
            domain=self.domain,
            handle=self.handle.hex(),
            grade=grade,
            nik=nik_there,
            place=self.place.kecamatan,
            content=self.content,
        )


@dataclass(frozen=True)
class ReviewForm:
    """The rows of a form by place, the review that now expects them, and rows left out.

    `sampled` are certain matches among the rows; `changed` are rows to check whose content has
    changed since it was frozen, so that they may be another person.
    """

    own: tuple[str, ...]
    rows: tuple[FormRow, ...] = field(repr=False)
    review: Review = field(repr=False)
    sampled: int
    changed: int


def ask(
    table: JoinedTable,
    niks: Iterable[str],
    review: Review,
    sample: int,
    seed: int | None,
    at: int,
) -> ReviewForm:
    """A form of all matches to check and of `sample` certain ones of each domain.

    `niks` are the columns with a NIK. Without `seed` the one of the last sample is used, or a new
    one is drawn. Rows that were sampled before are on the form too.
    """
    references = References(bytes.fromhex(review.key))
    used = seed if seed is not None else _seed(review)
    sizes: Counter[tuple[str, Grade, Nik, str]] = Counter()
    to_check: list[FormRow] = []
    certain: dict[str, list[FormRow]] = {source.domain: [] for source in table.sources}
    changed = 0
    for row, is_changed in _matches(table, tuple(niks), references):
        if is_changed:
            changed += row.stratum[0] == "to-check"
            continue
        sizes[(row.domain, *row.stratum, row.place.kecamatan)] += 1
        if row.stratum[0] == "to-check":
            to_check.append(row)
        else:
            certain[row.domain].append(row)
    drawn: list[FormRow] = []
    samples = list(review.samples)
    for domain, rows in certain.items():
        rows.sort(key=lambda row: references.rank(used, row.reference))
        drawn += [r for at_, r in enumerate(rows) if at_ < sample or r.reference in review.asked]
        new = DrawnSample(domain=domain, rows=min(sample, len(rows)), seed=used, at=at)
        known = {(each.domain, each.rows, each.seed) for each in samples}
        if sample and (new.domain, new.rows, new.seed) not in known:
            samples.append(new)
    rows = sorted([*to_check, *drawn], key=_by_place)
    asked = {**review.asked, **{row.reference: row.asked for row in rows}}
    counted = tuple(
        StratumSize(domain=name[0], grade=name[1], nik=name[2], place=name[3], rows=count)
        for name, count in sorted(sizes.items())
    )
    now = review.model_copy(update={"asked": asked, "sizes": counted, "samples": tuple(samples)})
    return ReviewForm(table.own, tuple(rows), now, len(drawn), changed)


def _matches(
    table: JoinedTable, niks: tuple[str, ...], references: References
) -> Iterator[tuple[FormRow, bool]]:
    """Every match, once for each domain and person, and whether its row has changed."""
    places = [at for at, name in enumerate(table.own) if name in niks]
    seen: set[tuple[str, bytes]] = set()
    for row in table.rows():
        there: Nik = "present" if any(nik(row.own[at])[0] for at in places) else "absent"
        for source, verdict in zip(table.sources, row.verdicts, strict=True):
            if verdict is Verdict.NOT_FOUND or (source.domain, row.handle) in seen:
                continue
            seen.add((source.domain, row.handle))
            grade: Grade = _GRADES[verdict] if source.graded else "any"
            reference = references.of(source.domain, row.handle)
            content = references.content(row.own)
            yield (
                FormRow(
                    reference,
                    source.domain,
                    source.title,
                    row.place,
                    row.own,
                    (grade, there),
                    content,
                    row.handle,
                ),
                row.changed,
            )


def _seed(review: Review) -> int:
    return review.samples[-1].seed if review.samples else secrets.randbelow(2**31)


def _by_place(row: FormRow) -> tuple[str, str, str, str, str]:
    """For field work: by kecamatan, kelurahan, RW and RT; numbers by their value."""
    where = row.place
    return (
        where.kecamatan.casefold(),
        where.kelurahan.casefold(),
        where.rw.zfill(4),
        where.rt.zfill(4),
        row.reference,
    )
