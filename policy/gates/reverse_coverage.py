"""People of one list whom another list lacks, by area: what an owner may hand over of its own.

An owner that learns its matches by the charter counts its own list (`policy.gates.coverage`). Of
these counts it may give the other agency one kind alone: people of its list who are not confirmed
on the other list. People who are on both lists are left out, since the other agency knows who they
are, and a second count of them by area would tell whose address differs.

The owner signs the file, and the reader checks signature, release, charter and smallest cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field, ValidationError

from policy.base.canonical import Identifier, One
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, PadanError, Refused
from policy.base.words import Words
from policy.charter import Charter
from policy.crypto.envelope import Envelope, parse_envelope, verify
from policy.gates.coverage import AreaCounts, Coverage, SourceCounts
from policy.gates.list_counts import (
    MOST_AREAS,
    CountedArea,
    ListCounts,
    all_inside,
    inside,
    unprotected,
)
from policy.gates.pooling import CellFloor
from policy.project import Project

KIND = "padan/reverse-coverage"


class AreaMissing(CountedArea):
    """People of the area who are not confirmed on the other list."""

    people: int = Field(ge=0)


class ReverseCoverage(ListCounts):
    """Protected counts of people of `dataset` who are not confirmed on `on_list`."""

    type: Literal["padan/reverse-coverage"] = "padan/reverse-coverage"
    version: One = 1
    domain: Identifier
    on_list: Identifier
    districts: tuple[AreaMissing, ...] = Field(default=(), max_length=MOST_AREAS)
    areas: tuple[AreaMissing, ...] = Field(default=(), max_length=MOST_AREAS)

    def require_protected(self, floor: CellFloor) -> None:
        """Raises BadInput if a count is small, or if the areas of a whole do not add up to it."""
        counts = (self.people, *(each.people for each in (*self.districts, *self.areas)))
        if any(floor.is_small(count) for count in counts) or not all(self._adds_up()):
            raise unprotected()

    def _adds_up(self) -> Iterator[bool]:
        if self.districts:
            yield sum(each.people for each in self.districts) == self.people
        for district in self.districts:
            if villages := inside(district, self.areas):
                yield sum(each.people for each in villages) == district.people
        yield all_inside(self.areas, self.districts)


@dataclass(frozen=True)
class Handed:
    """A file that was handed over: its counts, and its bytes with the owner's signature."""

    counts: ReverseCoverage
    envelope: Envelope


def reverse_of(found: Coverage, charter: Charter, on_list: str) -> ReverseCoverage:
    """What the owner of these counts may hand over about `on_list`.

    Raises Refused if no domain has just these two lists, or if its counts are hidden.
    """
    at, source = _source_about(found, charter, on_list)
    return ReverseCoverage(
        **{name: getattr(found, name) for name in ListCounts.model_fields if name != "people"},
        domain=source.domain,
        on_list=on_list,
        people=source.not_confirmed or 0,
        districts=tuple(_missing(each, at) for each in found.districts),
        areas=tuple(_missing(each, at) for each in found.areas),
    )


def open_reverse(data: bytes, name: str, project: Project) -> Handed:
    """A file that was handed over, checked against this project's log.

    Raises BadInput for another file, project or release, or of an owner that may not count by the
    charter, and WrongKey for another signature.
    """
    handed = parse_reverse(data, name)
    counts, envelope, binding = handed.counts, handed.envelope, handed.envelope.binding()
    charter = project.charter
    record = project.release(counts.release)
    stage = record.released_stage if record.is_requested else None
    known = {counts.dataset, counts.on_list} <= set(charter.dataset_ids)
    fits = (
        known
        and stage is not None
        and counts.stage == stage.digest
        and (counts.project, counts.epoch) == (charter.project, charter.epoch)
        and charter.dataset(counts.dataset).owner == counts.owner == binding.sender
        and (binding.type, binding.project, binding.epoch) == (KIND, counts.project, counts.epoch)
        and counts.domain in {each.id for each in charter.domains}
        and set(charter.domain(counts.domain).datasets) == {counts.dataset, counts.on_list}
        and may_count(charter, counts.domain, counts.on_list) == counts.dataset
    )
    if not fits:
        raise _other(name)
    verify(envelope, {counts.owner: project.known(counts.owner).signing_public()})
    counts.require_protected(CellFloor.of(charter.release))
    return handed


def parse_reverse(data: bytes, name: str) -> Handed:
    """A file that was checked when it was taken; keys and charter may have changed since.

    Raises BadInput if it is none, or if its counts are not protected as it says itself.
    """
    try:
        envelope = parse_envelope(data.strip())
        counts = ReverseCoverage.model_validate_json(envelope.body)
        envelope.binding()
    except (PadanError, ValidationError):
        raise _malformed(name) from None
    if counts.canonical() != envelope.body:
        raise _malformed(name)
    counts.require_protected(counts.floor)
    return Handed(counts, envelope)


def given_for(coverage: Coverage, reverse: Sequence[ReverseCoverage]) -> dict[str, ReverseCoverage]:
    """What was given about this list, by domain, of the sources that it shows.

    A source whose counts are hidden stays so in this direction too: the rows that it sent, by the
    log, less its people who are not on the list are the people on both.
    """
    shown = {each.domain for each in coverage.shown}
    about = (each for each in reverse if each.on_list == coverage.dataset)
    return {each.domain: each for each in about if each.domain in shown}


def may_count(charter: Charter, domain: str, on_list: str) -> str | None:
    """The list whose owner may count whom `on_list` lacks; None if the charter lets nobody."""
    others = [each for each in charter.domain(domain).datasets if each != on_list]
    told = charter.domain(domain).learn
    return others[0] if len(others) == 1 and others[0] in told else None


def require_about(counts: ReverseCoverage, name: str, release: str, on_list: str) -> None:
    """Raises BadInput unless the counts are about this list, by this release."""
    if (counts.release, counts.on_list) != (release, on_list):
        raise BadInput(
            PolicyCode.COVERAGE_OTHER,
            Words(
                f"{name} berisi hitungan tentang {counts.on_list} menurut {counts.release}, bukan"
                f" tentang {on_list} menurut {release}.",
                f"{name} has counts about {counts.on_list} by {counts.release}, not about {on_list}"
                f" by {release}.",
            ),
            Words(
                "Ambil berkas itu untuk rilis dan daftarnya sendiri, atau minta berkas yang lain.",
                "Take that file for its own release and list, or ask for another file.",
            ),
        )


def _source_about(found: Coverage, charter: Charter, on_list: str) -> tuple[int, SourceCounts]:
    for at, source in enumerate(found.shown):
        if set(charter.domain(source.domain).datasets) == {found.dataset, on_list}:
            return at, source
    raise Refused(
        PolicyCode.COVERAGE_NO_REVERSE,
        Words(
            f"Cakupan {found.dataset} tidak punya hitungan yang dapat diberikan tentang {on_list}:"
            " tidak ada domain dengan dua daftar itu saja, atau hitungannya terlalu kecil.",
            f"The coverage of {found.dataset} has no counts to give about {on_list}: no domain has"
            " these two lists alone, or its counts are too small.",
        ),
        Words(
            "Lihat sumber yang tampak dengan 'padan-encoder coverage ... --out cakupan.html'.",
            "See which sources are shown with 'padan-encoder coverage ... --out coverage.html'.",
        ),
    )


def _missing(area: AreaCounts, at: int) -> AreaMissing:
    people = area.sources[at].not_confirmed
    return AreaMissing(district=area.district, area=area.area, pooled=area.pooled, people=people)


def _malformed(name: str) -> BadInput:
    return BadInput(
        PolicyCode.COVERAGE_MALFORMED,
        Words(
            f"{name} bukan hitungan orang yang tidak ada di daftar Anda.",
            f"{name} is no file of counts of people who are not on your list.",
        ),
        Words(
            "Minta pemilik daftar itu menulisnya: padan-encoder coverage ... --missing-on DAFTAR"
            " --out berkas.json.",
            "Ask the owner of that list to write it: padan-encoder coverage ... --missing-on LIST"
            " --out file.json.",
        ),
    )


def _other(name: str) -> BadInput:
    return BadInput(
        PolicyCode.COVERAGE_OTHER,
        Words(
            f"{name} bukan dari rilis dan piagam di log ini, atau bukan dari pemilik daftar yang"
            " boleh menghitungnya.",
            f"{name} is not of a release and charter of this log, or not of the owner of a list"
            " that may count it.",
        ),
        Words(
            "Minta berkas untuk rilis ini kepada pemilik daftar itu.",
            "Ask the owner of that list for the file of this release.",
        ),
    )
