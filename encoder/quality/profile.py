"""One pass over a file in constant memory; long files use all processors."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from encoder.base.parallel import in_order
from encoder.quality.counts import (
    DateCounts,
    FieldCounts,
    FileProfile,
    NameCounts,
    NikCounts,
    SexCounts,
    Stratum,
)
from encoder.quality.examples import Examples
from encoder.quality.running import Counts, QualityPlan, count_chunk
from encoder.quality.tally import Tally
from encoder.source.cell_usage import FieldUsage
from encoder.source.lines import lines_of
from encoder.source.mapping import Mapping
from encoder.source.readers import Chunk, read_rows
from encoder.source.readers.source import SourceNote
from encoder.store.repeated_ids import RepeatedIds, SharedIds
from policy.charter import FieldKind

ROWS_AT_ONCE = 10_000
# Starting processes takes a second: it pays only for files longer than this many chunks.
ALONE = 4

# The field names of Padan's own schema and presets.
DEFAULT_KINDS: dict[str, FieldKind] = {
    "nama": "name",
    "ibu": "name",
    "lahir": "date",
    "jk": "sex",
    "kelurahan": "place",
    "nik": "nik",
    "kk": "kk",
    "alamat": "address",
    "rtrw": "rtrw",
}


def profile_file(
    path: Path,
    mapping: Mapping,
    kinds: AnyMapping[str, FieldKind] = DEFAULT_KINDS,
    *,
    today: date,
    advance: Callable[[int], None] = lambda _: None,
    examples: Examples | None = None,
    alone: int = ALONE,
) -> FileProfile:
    """Read the file once and count; `examples` is filled if the officer asked for cells.

    The first `alone` chunks are counted in this process.
    """
    plan = QualityPlan.of(mapping, kinds, secrets.token_bytes(32), examples.most if examples else 0)
    notes: list[SourceNote] = []
    chunks = read_rows(path, mapping, plan.kinds, ROWS_AT_ONCE, notes=notes)
    profile = profile_chunks(
        chunks,
        plan,
        path.name,
        today=today,
        advance=advance,
        examples=examples,
        notes=notes,
        alone=alone,
    )
    return replace(profile, lines=lines_of(mapping, notes))


def profile_chunks(
    chunks: Iterable[Chunk],
    plan: QualityPlan,
    name: str,
    *,
    today: date,
    advance: Callable[[int], None] = lambda _: None,
    examples: Examples | None = None,
    notes: Iterable[SourceNote] = (),
    alone: int = ALONE,
) -> FileProfile:
    """Count rows that were read already; `notes` may be filled while they are counted."""
    total = Counts(plan)
    same_nik, same_person, ids = Tally(), Tally(), RepeatedIds()
    for counts in in_order(_counter, (plan,), chunks, alone=alone):
        total.merge(counts)
        same_nik.add(counts.nik_pairs)
        same_person.add(counts.person_pairs)
        if counts.ids is not None:
            ids.add(*counts.ids)
        advance(counts.rows + counts.refused.total())
    if examples is not None:
        examples.merge(total.examples)
    return _profile(total, name, today.year, same_nik, same_person, ids.found(), notes)


def _counter(plan: QualityPlan) -> Callable[[Chunk], Counts]:
    return partial(count_chunk, plan)


def _profile(
    counts: Counts,
    file: str,
    today: int,
    same_nik: Tally,
    same_person: Tally,
    repeated_ids: SharedIds,
    notes: Iterable[SourceNote],
) -> FileProfile:
    usage = counts.usage.table()
    return FileProfile(
        file=file,
        today=today,
        rows_in=counts.rows + counts.refused.total(),
        rows=counts.rows,
        refused=dict(sorted(counts.refused.items())),
        later=dict(sorted(counts.later.items())),
        noted=dict(sorted(counts.noted.items())),
        usage=usage,
        fields=tuple(_field(each, counts) for each in usage.fields),
        nik=_nik_counts(counts),
        date=_date_counts(counts),
        name=_name_counts(counts),
        sex=_sex_counts(counts),
        codebook=counts.codebook,
        repeated_ids=repeated_ids,
        notes=tuple(notes),
        same_nik=same_nik.repeats(),
        same_person=same_person.repeats(),
        strata=tuple(Stratum(*key, rows) for key, rows in sorted(counts.strata.items())),
    )


def _field(usage: FieldUsage, counts: Counts) -> FieldCounts:
    in_file = counts.plan.in_file[usage.name]
    return FieldCounts(usage.name, usage.kind, in_file, usage.empty, usage.lost, usage.used)


def _nik_counts(counts: Counts) -> NikCounts | None:
    field = counts.plan.role["nik"]
    if field is None:
        return None
    flags = {flag: rows for flag, rows in sorted(counts.nik.items()) if flag != "NIK_OK" and rows}
    return NikCounts(
        field=field,
        flags=flags,
        clean=counts.nik["NIK_OK"],
        usable=sum(each.used for each in counts.usage.table().fields if each.name == field),
        date_compared=counts.compared["date"],
        date_differs=counts.compared["date-differs"],
        sex_compared=counts.compared["sex"],
        sex_differs=counts.compared["sex-differs"],
    )


def _date_counts(counts: Counts) -> DateCounts | None:
    field = counts.plan.role["date"]
    if field is None:
        return None
    patterns = {each: rows for each, rows in counts.dates["pattern"].most_common() if each}
    return DateCounts(
        field=field,
        patterns=patterns,
        flags=dict(sorted(counts.dates["flag"].items())),
        placeholders=dict(counts.dates["placeholder"].most_common()),
        years=dict(sorted(counts.years.items())),
        complete=counts.dates["worth"]["complete"],
        commonest=max(counts.days.values(), default=0),
        day_15=counts.dates["worth"]["day-15"],
    )


def _name_counts(counts: Counts) -> NameCounts | None:
    field = counts.plan.role["name"]
    if field is None:
        return None
    return NameCounts(
        field=field,
        words={words: rows for words, rows in sorted(counts.words.items()) if words},
        lengths=dict(sorted(counts.lengths.items())),
        marks=dict(counts.marks.most_common()),
        common=dict(counts.common.most_common()),
    )


def _sex_counts(counts: Counts) -> SexCounts | None:
    field = counts.plan.role["sex"]
    if field is None:
        return None
    sexes: Counter[str] = Counter()
    styles: Counter[str] = Counter()
    for (sex, style), rows in counts.sexes.items():
        sexes[sex] += rows
        if style:
            styles[style] += rows
    return SexCounts(
        field, {s: rows for s, rows in sorted(sexes.items()) if s}, dict(styles.most_common())
    )
