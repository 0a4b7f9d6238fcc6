"""What stops a charter from ever running: asked before anybody signs it.

The same charter in the log would be refused by the run gate, or by the encoder, once all parties
have signed; then only an amendment helps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from policy.base.words import Words
from policy.charter import FIRST_LAW, Charter
from policy.charter.gaps import Gap, gaps
from policy.gates.cases import draft_case
from policy.gates.rules import GATES
from policy.gates.rules.case import day_of
from policy.gates.rules.rule import SettledBy
from policy.members.roster import Roster
from policy.witnessing.quorum import Quorum, quorum

_NO_DIGEST = "0" * 64
# A list is divided into the matched and the unmatched at least.
_CELLS = 2
# Of a hundred matches, about this many are to be verified.
VERIFIED_PERCENT = 2


@dataclass(frozen=True)
class KnownHere:
    """What this machine knows besides the charter; what is None is not asked about.

    `rules` is the digest of the rules of the encoder that is installed here. `marks` are the
    numbers of lines that are still marked for people to fill in.
    """

    at: int
    roster: Roster | None = None
    rules: str | None = None
    marks: tuple[int, ...] = ()


def hindrances(charter: Charter, known: KnownHere) -> tuple[Gap, ...]:
    """Everything for which the charter cannot run as it is; empty if it can."""
    found = [
        *(gap for gap in gaps(charter) if gap.blocking),
        *_marks(known.marks),
        *_digests(charter),
        *_assessed(charter),
        *_dates(charter, day_of(known.at)),
        *_rules(charter, known.rules),
        *_cells(charter),
        *_grades(charter),
        *_quorum(charter, known.roster),
    ]
    if known.roster is not None and not found:
        found += _gate(charter, known.roster, known.at)
    return tuple({gap.field: gap for gap in found}.values())


def _marks(lines: tuple[int, ...]) -> Iterator[Gap]:
    if lines:
        numbers = ", ".join(map(str, lines))
        yield Gap(
            "ISI / FILL IN",
            True,
            Words(f"Baris bertanda ISI: {numbers}.", f"Lines marked FILL IN: {numbers}."),
            Words(
                "Isi, lalu hapus tanda ISI / FILL IN di baris itu.",
                "Fill them in, and remove the mark ISI / FILL IN from the line.",
            ),
            "UU 27/2022 Ps. 20, 34",
        )


def _digests(charter: Charter) -> Iterator[Gap]:
    """Digests that are still the example's zeros."""
    scope = charter.dpia.scope
    digests = {
        "encoding.rules_digest": charter.encoding.rules_digest,
        "dpia.sha256": charter.dpia.sha256,
        "dpia.probe": charter.dpia.probe,
        "dpia.scope.terms": scope and scope.terms,
        "dpia.scope.charter": scope and scope.charter,
    }
    digests |= {
        f"agreements.{number}.sha256": each.sha256 for number, each in enumerate(charter.agreements)
    }
    for name, digest in digests.items():
        if digest == _NO_DIGEST:
            yield Gap(
                name,
                True,
                Words("Sidiknya masih nol semua.", "The digest is all zeros."),
                Words(
                    "'padan-policy charter new --answers' menghitungnya; naskah dilampirkan sebagai"
                    " berkas.",
                    "'padan-policy charter new --answers' computes it; papers are attached as"
                    " files.",
                ),
                "UU 27/2022 Ps. 34, 51",
            )


def _assessed(charter: Charter) -> Iterator[Gap]:
    """The assessment's digests are this charter's."""
    scope = charter.dpia.scope
    if scope is None:
        return
    pairs = [("dpia.scope.terms", scope.terms, charter.terms_digest())]
    if charter.law != FIRST_LAW and scope.charter is not None:
        pairs.append(("dpia.scope.charter", scope.charter, charter.assessed_digest()))
    for name, given, computed in pairs:
        if given not in (computed, _NO_DIGEST):
            yield Gap(
                name,
                True,
                Words(
                    "DPIA menilai piagam yang lain daripada ini.",
                    "The DPIA assessed another charter than this.",
                ),
                Words(
                    f"Setelah dinilai kembali, tulis {computed}.",
                    f"Once it is assessed again, write {computed}.",
                ),
                "UU 27/2022 Ps. 34",
            )


def _dates(charter: Charter, today: date) -> Iterator[Gap]:
    ends = {
        "valid_until": charter.valid_until,
        "purpose.valid_until": charter.purpose.valid_until,
        "dpia.valid_until": charter.dpia.valid_until,
    }
    for name, last in ends.items():
        if last < today:
            yield Gap(
                name,
                True,
                Words(f"Berakhir {last}, sudah lewat.", f"Ended on {last}, which is past."),
                Words("Tulis hari terakhir yang akan datang.", "Write a last day to come."),
                "UU 27/2022 Ps. 20(2), 34",
            )


def _rules(charter: Charter, here: str | None) -> Iterator[Gap]:
    given = charter.encoding.rules_digest
    if here is not None and given not in (here, _NO_DIGEST):
        yield Gap(
            "encoding.rules_digest",
            True,
            Words(
                "Sidik ini bukan aturan Padan yang terpasang di sini; 'prepare' akan menolaknya.",
                "These are not the rules of the Padan that is installed here; 'prepare' would"
                " refuse them.",
            ),
            Words(
                f"Tulis {here} (padan-encoder rules), atau pasang versi Padan yang disepakati.",
                f"Write {here} (padan-encoder rules), or install the version that was agreed.",
            ),
            "UU 27/2022 Ps. 35",
        )


def _cells(charter: Charter) -> Iterator[Gap]:
    cell = charter.release.minimum_cell
    if charter.release.empty_cell_allowed:
        return
    for number, each in enumerate(charter.datasets):
        if each.rows_max < _CELLS * cell:
            yield Gap(
                f"datasets.{number}.rows_max",
                True,
                Words(
                    f"{each.id}: paling banyak {each.rows_max} baris; yang padan dan yang tidak"
                    f" masing-masing perlu {cell}.",
                    f"{each.id}: {each.rows_max} rows at most; matched and unmatched need {cell}"
                    " each.",
                ),
                Words(
                    "Naikkan rows_max, atau turunkan release.minimum_cell.",
                    "Raise rows_max, or lower release.minimum_cell.",
                ),
                "UU 16/1997 Ps. 21",
            )


def _grades(charter: Charter) -> Iterator[Gap]:
    """Each grade is a cell of its own."""
    if not charter.release.grades:
        return
    cell, learning = charter.release.minimum_cell, {n for d in charter.domains for n in d.learn}
    small = sorted(
        each.id
        for each in charter.datasets
        if each.id in learning and each.rows_max * VERIFIED_PERCENT // 100 < cell
    )
    if small:
        names = ", ".join(small)
        yield Gap(
            "release.grades",
            True,
            Words(
                f"{names}: terlalu kecil untuk grades. Yang perlu dicek, sekitar"
                f" {VERIFIED_PERCENT} dari seratus, menjadi sel di bawah {cell}; rilisnya akan"
                " ditolak.",
                f"{names}: too small for grades. Those to be checked, about {VERIFIED_PERCENT} of a"
                f" hundred, would be a cell below {cell}; the release would be refused.",
            ),
            Words("Tulis release.grades: false.", "Write release.grades: false."),
            "UU 16/1997 Ps. 21",
        )


def _quorum(charter: Charter, roster: Roster | None) -> Iterator[Gap]:
    if charter.law == FIRST_LAW:
        return
    witnesses = charter.witnesses
    if roster is None:
        found = Quorum(len(set(witnesses.members)), witnesses.quorum, witnesses.faulty)
    elif {*witnesses.members, *charter.party_ids} <= {each.id for each in roster.members}:
        found = quorum(charter, roster)
    else:
        return  # the law refuses a charter that names members whom the roster lacks
    if not found.holds:
        yield Gap(
            "witnesses.quorum",
            True,
            Words(
                f"Kuorum {found.needed} dari {found.agencies} instansi saksi tidak mungkin atau"
                " terlalu lemah.",
                f"A quorum of {found.needed} of {found.agencies} witnessing agencies is impossible"
                " or too weak.",
            ),
            Words(
                f"Tulis kuorum {found.least}, dengan saksi dari sedikitnya {found.least} instansi.",
                f"Write the quorum {found.least}, with witnesses of at least {found.least}"
                " agencies.",
            ),
            "UU 27/2022 Ps. 35, 47",
        )


def _gate(charter: Charter, roster: Roster, at: int) -> Iterator[Gap]:
    """Rules of the run gate that only another charter settles, and no exception."""
    known = {each.id for each in roster.members}
    named = {*charter.party_ids, *(each.member for each in charter.walidata)}
    if not named <= known or charter.valid_from > day_of(at):
        return  # the law, or time, will say
    case = draft_case(charter, roster, at)
    for rule in GATES[charter.law].run:
        if rule.needs_log or rule.excepts or rule.settled_by is not SettledBy.CHARTER:
            continue
        found = rule.check(case)
        if not found.passed:
            yield Gap(rule.id, True, found.reason, rule.remedy, rule.citation)
