"""8. The released files are the staged and approved ones, and their recipients confirm it.

The staged files are those that the charter's domains require. A recipient's receipt has the digests
of the file that it opened. It also says whether the canaries (secret rows of which some must match
and some must not) came back as expected. What a recipient measured in the field is its own word,
which its own agency approved.

A transfer of attributes is judged with its votes and rules, as of its own day and charter.
"""

from __future__ import annotations

from policy.base.errors import PadanError
from policy.base.words import Words
from policy.charter import CanariesAlike
from policy.charter.canary_odds import caught
from policy.evidence.attesting import attested_by, told
from policy.evidence.case import Case
from policy.evidence.checks.breaches import RELEASES, breaches_in
from policy.evidence.checks.transfers import transfers_in
from policy.evidence.report import CheckFinding
from policy.gates.cases import staged_fact
from policy.gates.rules.output_files import expected_files
from policy.project import Entry
from policy.project.canary_counts import planted
from policy.project.measured import measured_of
from policy.statements import Decided, Received, ReleaseRequest, Reviewed, Staged, StagedFile

ID = RELEASES
TITLE = Words("Sidik dan kolom rilis", "Release digests and columns")


def check(case: Case) -> list[CheckFinding]:
    stages = [_stage(case, entry) for entry in case.project.of(Staged)]
    released = case.project.released()
    receipts = [finding for entry in released for finding in _receipts(case, entry)]
    measured = [_measured(case, entry) for entry in case.project.of(Reviewed)]
    sent = transfers_in(case)
    found = [*stages, *receipts, *_canaries(case), *sent, *measured]
    return [*found, *breaches_in(case, ID)]


def _stage(case: Case, entry: Entry[Staged]) -> CheckFinding:
    staged = entry.body
    try:
        asked = case.project.entry(staged.request, ReleaseRequest).body
        expected = expected_files(case.project.charter, asked.domains)
    except PadanError:
        expected = frozenset()
    found = [staged_fact(file) for file in staged.files]
    as_agreed = set(found) == expected and len(found) == len(expected)
    return CheckFinding(
        f"releases.files.{staged.release}",
        "proved" if as_agreed else "failed",
        Words(
            f"{staged.release}: {len(found)} berkas, tiap kolomnya seizin piagam.",
            f"{staged.release}: {len(found)} files, with the columns that the charter allows.",
        )
        if as_agreed
        else Words(
            f"{staged.release}: berkasnya bukan yang diizinkan piagam.",
            f"{staged.release}: its files are not those that the charter allows.",
        ),
        (entry.index,),
    )


def _receipts(case: Case, decision: Entry[Decided]) -> list[CheckFinding]:
    decided = decision.body
    stage = case.project.log.by_digest.get(decided.stage)
    if stage is None:
        return []
    staged = {(f.dataset, f.domain): f for f in stage.of_kind(Staged).body.files}
    receipts = case.project.release(decided.release).receipts
    good = [e for e in receipts if _as_staged(e.body, staged)]
    opened = {_file(e) for e in good}
    # A recipient that got the right file in the end has no complaint.
    other = [e for e in receipts if _file(e) not in opened]
    findings = []
    if other:
        findings.append(_swapped(decided.release, other))
    if good:
        standing, agencies = attested_by(case, (e.statement.sender for e in good))
        by = told(agencies)
        findings.append(
            CheckFinding(
                f"releases.receipts.{decided.release}",
                standing,
                Words(
                    f"{decided.release}: {len(good)} dari {len(staged)} berkas dibuka penerimanya"
                    f" dengan sidik yang disetujui{by.id}.",
                    f"{decided.release}: {len(good)} of {len(staged)} files were opened by their"
                    f" recipients with the digests approved{by.en}.",
                ),
                (decision.index, *(e.index for e in good)),
                agencies,
            )
        )
    unopened = staged.keys() - opened - {_file(e) for e in other}
    missing = sorted(f"{domain}/{dataset}" for dataset, domain in unopened)
    if missing:
        names = ", ".join(missing)
        findings.append(
            CheckFinding(
                f"releases.unopened.{decided.release}",
                "asserted",
                Words(
                    f"{decided.release}: belum ada tanda terima untuk {names}.",
                    f"{decided.release}: no receipt yet for {names}.",
                ),
                (decision.index,),
            )
        )
    return findings


def _file(entry: Entry[Received]) -> tuple[str, str]:
    receipt = entry.body
    return receipt.dataset, receipt.domain


def _as_staged(receipt: Received, staged: dict[tuple[str, str], StagedFile]) -> bool:
    file = staged.get((receipt.dataset, receipt.domain))
    return file is not None and (file.ciphertext, file.plaintext) == (
        receipt.ciphertext,
        receipt.plaintext,
    )


def _swapped(release: str, receipts: list[Entry[Received]]) -> CheckFinding:
    names = ", ".join(sorted({e.statement.sender for e in receipts}))
    return CheckFinding(
        f"releases.swapped.{release}",
        "failed",
        Words(
            f"{release}: {names} menerima berkas lain daripada yang disetujui.",
            f"{release}: {names} received another file than the one approved.",
        ),
        tuple(e.index for e in receipts),
    )


def _measured(case: Case, entry: Entry[Reviewed]) -> CheckFinding:
    standing, agencies = attested_by(case, (entry.sender,))
    release, dataset = entry.body.release, entry.body.dataset
    told_each = [each.sentence for each in measured_of(case.project, entry)]
    return CheckFinding(
        f"releases.measured.{release}.{dataset}",
        standing,
        Words(
            f"{release} / {dataset}: {' '.join(each.id for each in told_each)}",
            f"{release} / {dataset}: {' '.join(each.en for each in told_each)}",
        ),
        (entry.index,),
        agencies,
    )


def _canaries(case: Case) -> list[CheckFinding]:
    receipts = [(entry, entry.body) for entry in case.project.of(Received)]
    if not receipts:
        return []
    looked = [(entry, r) for entry, r in receipts if r.canaries != "not-looked-at"]
    wrong = [(entry, r) for entry, r in looked if r.canaries != "all-as-expected"]
    if wrong:
        said = sorted({f"{r.dataset}/{r.domain} ({_SAID[r.canaries].en})" for _, r in wrong})
        kata = sorted({f"{r.dataset}/{r.domain} ({_SAID[r.canaries].id})" for _, r in wrong})
        return [
            CheckFinding(
                "releases.canaries",
                "failed",
                Words(
                    f"Kenari tidak sesuai: {', '.join(kata)}.",
                    f"Canaries are not as expected: {', '.join(said)}.",
                ),
                tuple(entry.index for entry, _ in wrong),
            )
        ]
    some = any(each.rows for each in planted(case.project).values())
    promise = _promise(case, [receipt for _, receipt in looked])
    standing, agencies = attested_by(case, (entry.statement.sender for entry, _ in looked))
    by = told(agencies)
    return [
        CheckFinding(
            "releases.canaries",
            standing if some and looked else "not-shown",
            Words(
                f"Kenari sesuai di {len(looked)} berkas{by.id}. {promise.id}",
                f"Canaries as expected in {len(looked)} files{by.en}. {promise.en}",
            ),
            tuple(entry.index for entry, _ in looked),
            agencies,
        )
    ]


def _promise(case: Case, receipts: list[Received]) -> Words:
    """What the canaries would have caught, in the file with the most of them."""
    members = {
        (domain.id, dataset) for domain in case.project.charter.domains for dataset in domain.learn
    }
    canaries = planted(case.project)
    matched = max(
        (
            canaries[each.dataset].matched.get(each.domain, 0)
            for each in receipts
            if (each.domain, each.dataset) in members
        ),
        default=0,
    )
    if isinstance(case.project.charter.encoding.canaries, CanariesAlike):
        return Words(
            f"{matched} harus cocok; kenari yang serupa di semua daftar dapat dikenali layanan.",
            f"{matched} must match; a service can recognise canaries that are similar on all"
            " lists.",
        )
    percent = f"{100 * caught(matched):.0f} %"
    return Words(
        f"Sampai {matched} harus cocok: membuang 1 % padanan ketahuan dengan peluang {percent}.",
        f"Up to {matched} must match: dropping 1 % of matches shows with probability {percent}.",
    )


_SAID = {
    "missing": Words("ada yang hilang", "some are missing"),
    "unexpected": Words("ada yang tidak semestinya", "some are there that should not be"),
    "missing-and-unexpected": Words("hilang dan tidak semestinya", "missing and unexpected"),
}
