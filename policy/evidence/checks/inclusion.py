"""2. The entries are exactly those of the signed tree, and the tree only grew."""

from __future__ import annotations

from policy.base.words import Words
from policy.evidence.case import Case, CaseNote
from policy.evidence.checks.breaches import INCLUSION
from policy.evidence.report import OWN_CHECKPOINT, CheckFinding, failure

ID = INCLUSION
TITLE = Words("Isi log lengkap dan hanya bertambah", "The log is whole and has only grown")


def check(case: Case) -> list[CheckFinding]:
    return [*_roster(case), *_latest(case), *_earlier(case), _own(case)]


def _roster(case: Case) -> list[CheckFinding]:
    if case.bundle.leaves[:1] == [case.bundle.roster]:
        return []
    return [
        CheckFinding(
            "inclusion.roster",
            "failed",
            Words(
                "Entri pertama bukan roster di bundel ini.",
                "The first entry is not the roster in this bundle.",
            ),
            (0,),
        )
    ]


def _latest(case: Case) -> list[CheckFinding]:
    latest = case.latest
    if latest is None:
        return [failure("inclusion.checkpoint", case.error_of("latest"))]
    if latest.size != case.size:
        return [
            CheckFinding(
                "inclusion.size",
                "failed",
                Words(
                    f"Titik periksa mencakup {latest.size} entri, bundel memuat {case.size}.",
                    f"The checkpoint covers {latest.size} entries, the bundle holds {case.size}.",
                ),
                tuple(range(min(latest.size, case.size), max(latest.size, case.size)))[:1000],
            )
        ]
    if not case.fits(latest):
        return [_other_tree("inclusion.root", latest)]
    root = latest.checkpoint.root.hex()
    return [
        CheckFinding(
            "inclusion.tree",
            "proved",
            Words(
                f"Akar {root[:16]}… atas {case.size} entri, tanpa celah.",
                f"Root {root[:16]}… over {case.size} entries, without a gap.",
            ),
            tuple(range(case.size)),
        )
    ]


def _earlier(case: Case) -> list[CheckFinding]:
    """Checks each cosigned checkpoint against the root of as many first entries."""
    wrong = [note for note in case.notes if not case.fits(note)]
    if wrong:
        return [_other_tree("inclusion.consistency", note) for note in wrong]
    if not case.notes:
        return []
    return [
        CheckFinding(
            "inclusion.consistency",
            "proved",
            Words(
                f"{len(case.notes)} titik periksa bersaksi cocok dengan awal log ini.",
                f"{len(case.notes)} cosigned checkpoints fit the beginning of this log.",
            ),
        )
    ]


def _own(case: Case) -> CheckFinding:
    if not case.own_given:
        return CheckFinding(
            OWN_CHECKPOINT,
            "not-shown",
            Words(
                "Tidak ada titik periksa dari luar: log lain tidak dapat disangkal.",
                "No checkpoint from outside: another log cannot be ruled out.",
            ),
        )
    if case.own is None:
        return failure(OWN_CHECKPOINT, case.error_of("own"))
    if case.own.size > case.size:
        return _shorter(case.own.size, case.size)
    if not case.fits(case.own):
        return _other_tree(OWN_CHECKPOINT, case.own)
    return CheckFinding(
        OWN_CHECKPOINT,
        "proved",
        Words(
            f"Log ini melanjutkan titik periksa Anda pada {case.own.size} entri.",
            f"This log extends your checkpoint of {case.own.size} entries.",
        ),
        tuple(range(case.own.size)),
    )


def _shorter(known: int, here: int) -> CheckFinding:
    """The finding for a shorter log: it may be old, or its end may have been withheld."""
    return CheckFinding(
        OWN_CHECKPOINT,
        "failed",
        Words(
            f"Titik periksa Anda atas {known} entri, log ini hanya {here}: bundelnya lebih tua dari"
            " titik periksa itu, atau akhirnya dipotong. Minta bundel yang baru.",
            f"Your checkpoint is of {known} entries, this log has only {here}: the bundle is older"
            " than the checkpoint, or its end was cut. Ask for a new bundle.",
        ),
    )


def _other_tree(id_: str, note: CaseNote) -> CheckFinding:
    """The finding for a signed tree that is not the start of this copy of the log."""
    return CheckFinding(
        id_,
        "failed",
        Words(
            f"Salinan ini tidak cocok dengan log yang ditandatangani pada {note.size} entri:"
            " salinannya diubah, atau layanan menandatangani log lain.",
            f"This copy does not fit the log signed at {note.size} entries: the copy was changed,"
            " or the service signed another log.",
        ),
    )
