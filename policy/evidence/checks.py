"""What an auditor can check with only the file, and what they hold from elsewhere.

    1. The roster is the one whose digest you were given, signed by both authorities.
    2. Every leaf is in the tree whose checkpoint the service signed; no leaf is missing.
    3. The log extends the checkpoint that you kept from another occasion.
    4. Every statement is signed, bound, entitled, in order, once, and its step before
       stood under a cosigned checkpoint (policy/law.py).
    5. Statement times lie before the witnesses' times, and do not run backwards.
    6. Every decision, re-evaluated from the opened facts, is the one in the log.
    7. Recipients' receipts name the staged digests, and their canaries are as expected.
    8. Entries after the last cosigned checkpoint are unwitnessed.

Each check says how far it reaches: proved, attested by two or more, asserted by
the service alone, not shown, or failed.
"""

from __future__ import annotations

from policy.cases import release_case
from policy.conditions import CosignedSize
from policy.decision import release_gate
from policy.errors import PadanError, Unverified
from policy.evidence.bundle import EvidenceBundle
from policy.evidence.report import Report
from policy.log import Checkpoint, cosigners
from policy.project import Entry, Project, body_of, taken
from policy.replica import Replay, log_origin, read_cosigned
from policy.roster import Roster, open_roster, roster_digest
from policy.statements import (
    CARRIED,
    Body,
    CharterBody,
    Decided,
    Received,
    RunFinished,
    Staged,
    parse_statement,
)
from policy.words import Words

CLOCK_SKEW_SECONDS = 600


def verify_bundle(
    bundle: EvidenceBundle, pinned_roster: str | None, own_checkpoint: str | None
) -> Report:
    """Every check that can be made from the bundle and what the auditor holds."""
    report = Report()
    try:
        roster = _check_roster(report, bundle, pinned_roster)
        project_id = _project_id(bundle)
        report.project, report.entries = project_id, len(bundle.leaves)
        notes = [read_cosigned(n, roster, log_origin(project_id)) for n in bundle.cosigned]
        replay = _check_law(report, roster, bundle, [cosigned for _, cosigned in notes])
        _check_tree(report, replay, bundle, roster, [checkpoint for checkpoint, _ in notes])
        _check_completeness(report, replay, roster, own_checkpoint)
        _check_times(report, replay.project, bundle, roster)
        _check_decisions(report, replay.project, bundle)
        _check_receipts(report, replay.project)
        _check_witnessed(report, replay, [cosigned for _, cosigned in notes])
    except PadanError as error:
        report.add(
            error.code,
            Words("Pemeriksaan berhenti di sini", "Checking stopped here"),
            "failed",
            error.problem,
        )
    return report


def _check_roster(report: Report, bundle: EvidenceBundle, pinned: str | None) -> Roster:
    roster = open_roster(bundle.roster, pinned or roster_digest(bundle.roster))
    report.add(
        "roster",
        Words("Roster dan penanda tangannya", "The roster and its signers"),
        "proved" if pinned else "not-shown",
        Words(
            f"Roster versi {roster.version}, ditandatangani {' dan '.join(roster.authorities)}"
            + ("." if pinned else "; sidiknya tidak diberikan dari luar."),
            f"Roster version {roster.version}, signed by {' and '.join(roster.authorities)}"
            + ("." if pinned else "; its digest was not given from outside."),
        ),
    )
    return roster


def _check_law(
    report: Report, roster: Roster, bundle: EvidenceBundle, cosigned: list[CosignedSize]
) -> Replay:
    replay = Replay(Project(roster))
    for index, leaf in enumerate(bundle.leaves):
        try:
            replay.extend([leaf], cosigned)
        except PadanError as error:
            raise Unverified(
                f"law.{error.code}",
                Words(f"Entri {index}: {error.problem.id}", f"Entry {index}: {error.problem.en}"),
                error.hint,
            ) from None
    report.add(
        "law",
        Words("Tanda tangan, hak, dan urutan", "Signatures, entitlement and order"),
        "proved",
        Words(
            f"{replay.size} pernyataan sah; langkah-langkahnya didahului titik periksa"
            " yang disaksikan.",
            f"{replay.size} statements hold; each step followed a witnessed checkpoint.",
        ),
    )
    return replay


def _check_tree(
    report: Report,
    replay: Replay,
    bundle: EvidenceBundle,
    roster: Roster,
    checkpoints: list[Checkpoint],
) -> None:
    latest, _ = read_cosigned(bundle.checkpoint, roster, log_origin(report.project))
    if latest.size != replay.size:
        raise Unverified(
            "tree.size",
            Words(
                "Jumlah entri berbeda dari titik periksa.",
                "The number of entries differs from the checkpoint.",
            ),
            Words("Minta bundel lengkap.", "Ask for the complete bundle."),
        )
    for checkpoint in (latest, *checkpoints):
        replay.check(checkpoint)
    report.add(
        "tree",
        Words("Pohon Merkle tanpa celah", "The Merkle tree has no gaps"),
        "proved",
        Words(
            f"Akar {latest.root.hex()[:16]}… pada ukuran {latest.size}.",
            f"Root {latest.root.hex()[:16]}… at size {latest.size}.",
        ),
    )


def _check_completeness(
    report: Report, replay: Replay, roster: Roster, own_checkpoint: str | None
) -> None:
    title = Words("Kelengkapan terhadap titik periksa Anda", "Completeness against your checkpoint")
    if own_checkpoint is None:
        detail = Words(
            "Tidak ada titik periksa dari luar: log lain tidak dapat disangkal.",
            "No checkpoint from outside: another log cannot be ruled out.",
        )
        report.add("completeness", title, "not-shown", detail)
        return
    checkpoint, _ = read_cosigned(own_checkpoint, roster, log_origin(report.project))
    replay.check(checkpoint)
    report.add(
        "completeness",
        title,
        "proved",
        Words(
            f"Log ini memuat titik periksa Anda pada ukuran {checkpoint.size}.",
            f"This log extends your checkpoint of size {checkpoint.size}.",
        ),
    )


def _check_times(report: Report, project: Project, bundle: EvidenceBundle, roster: Roster) -> None:
    title = Words("Waktu pernyataan", "Times of the statements")
    witnesses = {m.id: m.log_public() for m in roster.members}
    seen = {
        read_cosigned(note, roster, log_origin(report.project))[0].size: min(
            cosigners(note, witnesses).values(), default=0
        )
        for note in bundle.cosigned
    }
    latest = 0
    for entry in project.entries:
        at = _at(entry)
        if at is None:
            continue
        first = min((size for size in seen if size > entry.index), default=None)
        too_late = first is not None and at > seen[first] + CLOCK_SKEW_SECONDS
        if too_late or at < _earliest(project, entry, latest) - CLOCK_SKEW_SECONDS:
            report.add(
                "times",
                title,
                "failed",
                Words(
                    f"Waktu entri {entry.index} tidak mungkin.",
                    f"The time of entry {entry.index} is impossible.",
                ),
            )
            return
        latest = max(latest, at)
    report.add(
        "times",
        title,
        "attested",
        Words("Dibatasi oleh waktu para saksi.", "Bounded by the witnesses' times."),
    )


def _earliest(project: Project, entry: Entry, latest: int) -> int:
    """Not before what the log said last; what was carried by hand, not before its stage."""
    body = entry.statement.body
    if not isinstance(body, CARRIED):
        return latest
    return body_of(taken(project.stage(body.release), "stage"), Staged).at


def _check_decisions(report: Report, project: Project, bundle: EvidenceBundle) -> None:
    for entry in project.of(Decided):
        decided = body_of(entry, Decided)
        title = Words(
            f"Keputusan {decided.release}: {decided.verdict}",
            f"Decision {decided.release}: {decided.verdict}",
        )
        staged = body_of(project.entry(decided.stage), Staged)
        opened = bundle.facts.get(staged.facts)
        if opened is None or opened.commitment() != staged.facts:
            report.add(
                f"decision.{decided.release}",
                title,
                "failed" if opened else "asserted",
                Words("Faktanya tidak dibuka di sini.", "Its facts are not opened here."),
            )
            continue
        before = _project_until(project, entry)
        outcome = release_gate(release_case(before, decided.release, opened.facts, decided.at))
        same = outcome.rules() == decided.rules and outcome.verdict == decided.verdict
        report.add(
            f"decision.{decided.release}",
            title,
            "proved" if same else "failed",
            _decision_words(
                outcome.passed, same, [f.rule.title for f in outcome.findings if not f.passed]
            ),
        )


def _decision_words(passed: bool, same: bool, failing: list[Words]) -> Words:
    if not same:
        return Words(
            "Evaluasi ulang memberi putusan lain.", "Evaluated again, the verdict is another."
        )
    if passed:
        return Words("Semua aturan terpenuhi.", "All rules hold.")
    return Words(
        "Ditolak karena: " + "; ".join(w.id for w in failing),
        "Refused because: " + "; ".join(w.en for w in failing),
    )


def _check_receipts(report: Report, project: Project) -> None:
    receipts = [body_of(entry, Received) for entry in project.of(Received)]
    wrong = sorted({r.dataset for r in receipts if r.canaries != "all-as-expected"})
    title = Words("Tanda terima dan kenari", "Receipts and canaries")
    if wrong:
        names = ", ".join(wrong)
        report.add(
            "canaries",
            title,
            "failed",
            Words(f"Kenari tidak sesuai: {names}.", f"Canaries are not as expected: {names}."),
        )
        return
    report.add(
        "canaries",
        title,
        "attested" if receipts else "not-shown",
        Words(
            f"{len(receipts)} berkas dibuka penerimanya; semua kenari sesuai.",
            f"{len(receipts)} files opened by their recipients; all canaries as expected.",
        ),
    )
    runs = len(project.of(RunFinished))
    report.add(
        "matching",
        Words("Isi hasil pemadanan", "What the matching found"),
        "asserted",
        Words(
            f"{runs} pemadanan: hasilnya dinyatakan layanan; operator kedua dapat mengulanginya.",
            f"{runs} runs: the result is the service's word; a second operator can repeat it.",
        ),
    )


def _check_witnessed(report: Report, replay: Replay, cosigned: list[CosignedSize]) -> None:
    quorum = replay.project.charter.witnesses.quorum
    names = frozenset(replay.project.charter.witnesses.members)
    best = max((c.size for c in cosigned if len(c.members & names) >= quorum), default=0)
    tail = replay.size - best
    report.add(
        "witnessed",
        Words("Disaksikan sampai", "Witnessed up to"),
        "attested" if tail == 0 else "asserted",
        Words(
            f"{best} entri disaksikan kuorum; {tail} entri terakhir belum.",
            f"{best} entries witnessed by the quorum; the last {tail} are unwitnessed.",
        ),
    )


def _project_until(project: Project, entry: Entry) -> Project:
    return project.until(entry.index)


def _at(entry: Entry) -> int | None:
    body = entry.statement.body
    return body.at if isinstance(body, Body) else None


def _project_id(bundle: EvidenceBundle) -> str:
    for leaf in bundle.leaves:
        statement = parse_statement(leaf)
        if isinstance(statement.body, CharterBody):
            return statement.body.project
    raise Unverified(
        "log.empty",
        Words("Log tidak memuat piagam.", "The log holds no charter."),
        Words("Minta bundel lengkap.", "Ask for the complete bundle."),
    )
