"""Six sources of one population: files of different form, each wrong in its own way."""

from __future__ import annotations

import csv
import io
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from random import Random
from typing import TextIO, TypeVar

from encoder.synthetic.details import PEOPLE, person_row
from encoder.synthetic.editions import PRESENCE
from encoder.synthetic.hard import HardPeople, hard_people, write_couples
from encoder.synthetic.layouts import SyntheticSource
from encoder.synthetic.listed import Told, choose, heard, misrecorded, told
from encoder.synthetic.places import DKI
from encoder.synthetic.population import block, blocks
from encoder.synthetic.rates import ProfileName
from encoder.synthetic.rows import first_rows, later_rows
from policy.base.files import replacing

T = TypeVar("T")


def write_sources(
    folder: Path,
    persons: int,
    seed: int,
    names: tuple[str, ...] = (),
    profiles: Mapping[str, ProfileName] | None = None,
    shares: Mapping[str, float] | None = None,
    *,
    details: bool = False,
    hard: int = 0,
    region: str = DKI,
    edition: int = 1,
) -> tuple[str, ...]:
    """Write the sources and truth.csv; the same arguments give the same bytes anywhere.

    `names` of SOURCES, the four of Jakarta if none; `profiles` and `shares` (of residents)
    replace a source's own. `details` adds people.csv, all residents as they really are. `hard`
    adds that many couples of each kind of `hard.KINDS` to all sources, and hard.csv says who
    they are. `region` is a province or kab/kota by its Kemendagri code. `edition` counts quarterly
    editions of the same sources (`editions`). Returns the names written.
    """
    if hard and edition > 1:
        raise ValueError("hard people are in edition 1 alone")
    chosen = choose(names, profiles, shares)
    with ExitStack() as stack:
        files = [
            stack.enter_context(_text_file(stack, folder / name))
            for name in files_of([source.name for source in chosen], details=details)
        ]
        for file, source in zip(files, chosen, strict=False):
            csv.writer(file, delimiter=source.delimiter, lineterminator="\n").writerow(
                source.header if edition == 1 else (*source.header, PRESENCE)
            )
        files[len(chosen)].write("source,record_id,person,errors\n")
        if details:
            files[-1].write(",".join(PEOPLE) + "\n")
        one = partial(_block_texts, told(chosen), seed, region, edition, details=details)
        for texts in in_blocks(one, persons):
            for file, text in zip(files, texts, strict=True):
                file.write(text)
        if hard:
            people = hard_people(hard, persons, seed, region)
            for file, text in zip(files, _hard_texts(chosen, people, seed, region), strict=False):
                file.write(text)
            write_couples(folder / "hard.csv", people)
    return tuple(source.name for source in chosen)


def files_of(names: Iterable[str], *, details: bool = False) -> list[str]:
    """The files that `write_sources` writes into its folder."""
    truths = ("truth", "people") if details else ("truth",)
    return [f"{name}.csv" for name in (*names, *truths)]


def _text_file(stack: ExitStack, path: Path) -> TextIO:
    """A file that replaces the one at `path` when everything is written and closed."""
    return stack.enter_context(replacing(path)).open("w", encoding="utf-8", newline="")


def in_blocks(work: Callable[[tuple[int, int]], T], persons: int) -> Iterator[T]:
    """The results of `work` for each block's number and size, in order, on all cores."""
    numbered = list(enumerate(blocks(persons)))
    if len(numbered) == 1:
        yield work(numbered[0])
        return
    with ProcessPoolExecutor(
        min(len(numbered), os.cpu_count() or 1), multiprocessing.get_context("spawn")
    ) as pool:
        yield from pool.map(work, numbered)


def _block_texts(
    chosen: Told,
    seed: int,
    region: str,
    edition: int,
    numbered: tuple[int, int],
    *,
    details: bool,
) -> list[str]:
    number, size = numbered
    people = block(number, size, seed, region)
    truth = io.StringIO()
    true_rows = csv.writer(truth, lineterminator="\n")
    texts = []
    for source in heard(chosen):
        text = io.StringIO()
        write = csv.writer(text, delimiter=source.delimiter, lineterminator="\n").writerow
        rows = first_rows if edition == 1 else partial(later_rows, edition=edition)
        for row, truths in rows(source, people, number, seed, region):
            write(row)
            true_rows.writerow((source.name, *truths))
        texts.append(text.getvalue())
    texts.append(truth.getvalue())
    if details:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(map(person_row, people))
        texts.append(text.getvalue())
    return texts


def _hard_texts(
    chosen: tuple[SyntheticSource, ...], people: HardPeople, seed: int, region: str
) -> list[str]:
    """The records of hard people, for each source; then their truth."""
    truth = io.StringIO()
    true_rows = csv.writer(truth, lineterminator="\n")
    texts = []
    for source in chosen:
        rng = Random(f"{seed}/{source.name}/hard")  # noqa: S311 - as above
        text = io.StringIO()
        write = csv.writer(text, delimiter=source.delimiter, lineterminator="\n").writerow
        listed = [couple.listed(source.name, seed) for couple in people.couples]
        rng.shuffle(listed)
        for serial, (person, entry) in enumerate(
            misrecorded(rng, source, listed, people.around, seed, region)
        ):
            record_id = f"{source.name[:1].upper()}X{serial:08d}"
            write(source.write(rng, record_id, person, entry))
            true_rows.writerow((source.name, record_id, person.number, " ".join(entry.errors)))
        texts.append(text.getvalue())
    return [*texts, truth.getvalue()]
