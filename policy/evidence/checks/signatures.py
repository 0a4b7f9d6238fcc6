"""1. Everything is signed by its stated sender, under the pinned roster, and witnessed."""

from __future__ import annotations

from policy.base.words import Words
from policy.evidence.attesting import attested_by, told
from policy.evidence.case import Case
from policy.evidence.checks.breaches import SIGNATURES, breaches_in
from policy.evidence.report import PINNED_ROSTER, CheckFinding, failure
from policy.statements import RosterBody

ID = SIGNATURES
TITLE = Words("Tanda tangan dan kuorum saksi", "Signatures and quorum of witnesses")


def check(case: Case) -> list[CheckFinding]:
    return [_roster(case), *_statements(case), *_cosignatures(case), *_tail(case)]


def _roster(case: Case) -> CheckFinding:
    if case.roster_error is not None:
        return failure(PINNED_ROSTER, case.roster_error)
    roster = case.project.roster
    signers_id, signers_en = (word.join(roster.authorities) for word in (" dan ", " and "))
    since_id = since_en = ""
    if len(case.project.rosters.all) > 1:
        first = case.roster.version
        since_id = f"; log dimulai dengan versi {first}, dan tiap versi mengikuti sebelumnya"
        since_en = f"; the log began with version {first}, and each version follows the last"
    return CheckFinding(
        PINNED_ROSTER,
        "proved" if case.pinned else "not-shown",
        Words(
            f"Roster versi {roster.version}, ditandatangani {signers_id}{since_id}"
            + ("." if case.pinned else "; sidiknya tidak diberikan dari luar."),
            f"Roster version {roster.version}, signed by {signers_en}{since_en}"
            + ("." if case.pinned else "; its digest was not given from outside."),
        ),
        tuple(entry.index for entry in case.project.of(RosterBody)) or (0,),
    )


def _statements(case: Case) -> list[CheckFinding]:
    wrong = breaches_in(case, ID)
    if wrong:
        return wrong
    return [
        CheckFinding(
            "signatures.statements",
            "proved",
            Words(
                f"{case.size} pernyataan ditandatangani pengirimnya, milik proyek ini; tiap"
                " langkah didahului titik periksa yang disaksikan.",
                f"{case.size} statements are signed by their senders and belong to this project;"
                " each step followed a witnessed checkpoint.",
            ),
            tuple(range(case.size)),
        )
    ]


def _cosignatures(case: Case) -> list[CheckFinding]:
    return [
        failure("signatures.cosignature", note.error)
        for note in case.unread
        if note.which == "cosigned"
    ]


def _tail(case: Case) -> list[CheckFinding]:
    """How far the quorum has seen the log; later entries are the service's word."""
    witnesses, covered = case.project.charter.witnesses, case.witnesses.covered
    best = covered.size if covered else 0
    tail = range(best, case.size)
    standing, agencies = attested_by(case, covered.first if covered else ())
    by = told(agencies)
    return [
        CheckFinding(
            "signatures.witnessed",
            "asserted" if tail else standing,
            Words(
                f"{best} entri disaksikan {witnesses.quorum} saksi atau lebih{by.id}"
                + (f"; {len(tail)} entri terakhir belum disaksikan." if tail else ", semuanya."),
                f"{best} entries are witnessed by {witnesses.quorum} or more{by.en}"
                + (f"; the last {len(tail)} are unwitnessed." if tail else ", all of them."),
            ),
            tuple(tail),
            agencies,
        )
    ]
