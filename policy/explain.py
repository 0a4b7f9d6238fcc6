"""A decision in sentences: who asked for what, what came of it, and what can be done.

Whoever may see the facts reads what each rule found. Parties may not (verdicts leak): they read
which rules held, as the log has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policy.approval import Asked
from policy.approval.asked import STATES
from policy.dates import at_second, long_moment
from policy.rules import Finding, Rule, rule_named
from policy.words import Words

REMEDIES = {
    "run.charter-in-force": Words(
        "Pihak yang belum menandatangani menjalankan 'padan-policy charter sign'; piagam yang"
        " habis diperpanjang dengan perubahan yang ditandatangani semua pihak.",
        "Whoever has not signed runs 'padan-policy charter sign'; a charter that ended is"
        " extended by an amendment that all parties sign.",
    ),
    "run.charter-complete": Words(
        "Isi bagian yang kurang; 'padan-policy charter lint' menyebut kewajibannya.",
        "Fill in what is missing; 'padan-policy charter lint' names the duties.",
    ),
    "run.lawful-basis": Words(
        "Sebut dasar hukum yang masih berlaku dalam perubahan piagam.",
        "Name a regulation that is in force, by an amendment.",
    ),
    "run.agreements": Words(
        "Perpanjang atau tambah perjanjiannya, lalu ubah piagam.",
        "Renew or add the agreement, then amend the charter.",
    ),
    "run.dpia": Words(
        "Perbarui penilaian dampak untuk cakupan yang sekarang, lalu ubah piagam.",
        "Renew the impact assessment for the present scope, then amend the charter.",
    ),
    "run.privacy": Words(
        "Jalankan 'padan-encoder probe', catat laporannya, dan rujuk dalam DPIA; atau pejabat"
        " PDP menandatangani pengecualian.",
        "Run 'padan-encoder probe', sign its report into the log and cite it in the DPIA; or a"
        " data protection officer signs an exception.",
    ),
    "run.dukcapil": Words(
        "Perbarui PKS dengan Dukcapil, dan batasi domainnya pada jawaban ya atau tidak.",
        "Renew the agreement with Dukcapil, and keep its domains to yes or no.",
    ),
    "run.separation": Words(
        "Pindahkan layanan ke instansi yang tidak memiliki data, atau mintakan pengecualian.",
        "Move the service to an agency that owns no data, or ask an officer for an exception.",
    ),
    "run.witnesses": Words(
        "Naikkan kuorum atau tambah saksi dari instansi lain dalam perubahan piagam.",
        "Raise the quorum, or add witnesses of other agencies, by an amendment.",
    ),
    "run.approvable": Words(
        "Tunjuk penyetuju di instansi lain lewat roster baru, atau kurangi jumlah persetujuan.",
        "Name approvers of other agencies in a new roster, or ask for fewer approvals.",
    ),
    "run.budget": Words(
        "Tunggu zaman berikutnya, atau sepakati anggaran lain dalam perubahan piagam.",
        "Wait for the next epoch, or agree on another budget by an amendment.",
    ),
    "run.parameters": Words(
        "Perintahkan pemadanan yang sesuai dengan piagam.",
        "Order a run that lies within the charter.",
    ),
    "release.executed": Words(
        "Jangan menerima rilis ini; minta auditor mengulangi pemadanan.",
        "Accept nothing of this release; ask the auditor to repeat the run.",
    ),
    "release.rerun": Words(
        "Hentikan; minta layanan dan auditor mencari sebabnya, lalu perintahkan pemadanan baru.",
        "Stop; let service and auditor find the cause, then order another run.",
    ),
    "release.minimum-cell": Words(
        "Minta domain yang memuat lebih banyak orang; baris tidak dihapus satu per satu.",
        "Ask for a domain with more people; rows are not taken out one by one.",
    ),
    "release.cells": Words(
        "Minta lebih sedikit domain sekaligus.",
        "Ask for fewer domains at a time.",
    ),
    "release.differencing": Words(
        "Tunggu sampai lebih banyak baris berubah, lalu perintahkan pemadanan baru.",
        "Wait until more rows have changed, then order another run.",
    ),
    "release.changed-rows": Words(
        "Tunggu sampai lebih banyak baris berubah, lalu perintahkan pemadanan baru.",
        "Wait until more rows have changed, then order another run.",
    ),
    "release.budget": Words(
        "Tunggu zaman berikutnya, atau sepakati anggaran lain dalam perubahan piagam.",
        "Wait for the next epoch, or agree on another budget by an amendment.",
    ),
    "release.output-files": Words(
        "Jangan menerima rilis ini; tanyakan kepada koordinator layanan.",
        "Accept nothing of this release; ask the service's coordinator.",
    ),
    "release.withdrawn": Words(
        "Koordinator menahapkan rilis ini sekali lagi, tanpa baris yang ditarik; di bawah hukum"
        " pertama (padan-law-1) perlu pemadanan baru.",
        "The coordinator stages this release once more, without the rows that were withdrawn; under"
        " the first law (padan-law-1) that takes another run.",
    ),
    "release.stage-fresh": Words(
        "Minta rilis baru; tahapannya dihitung kembali.",
        "Ask for another release; its stage is counted anew.",
    ),
    "release.sensitive-lists": Words(
        "Penyetuju dan pejabat PDP pemilik daftar itu menyetujui.",
        "The approver and the data protection officer of the list's owner approve.",
    ),
    "release.approvals": Words(
        "Penyetuju dari instansi selain pemohon menjalankan 'padan-policy approve'.",
        "Approvers of other agencies than the requester's run 'padan-policy approve'.",
    ),
    "release.dpo": Words(
        "Bicarakan keberatan itu dengan pejabat PDP; tanpa dia tidak ada rilis.",
        "Speak with the officer about the objection; nothing leaves against it.",
    ),
    "run.officers": Words(
        "Sebut di piagam, bagi setiap pihak dan bagi linkage_unit, anggota roster yang berperan"
        " dpo.",
        "Name in the charter, for each party and for linkage_unit, a roster member of role dpo.",
    ),
    "run.walidata": Words(
        "Sebut walidata setiap pihak di piagam, dan masukkan penyetuju instansinya ke roster.",
        "Name each party's walidata in the charter, with an approver of its agency in the roster.",
    ),
    "release.walidata": Words(
        "Minta penyetuju dari instansi walidata itu menyetujui tahapan ini.",
        "Ask an approver of that walidata's agency to approve this stage.",
    ),
}

_OF_ANOTHER_LAW = Words(
    "Aturan ini tidak ada dalam hukum yang disebut piagam; tanyakan kepada koordinator layanan.",
    "The law that the charter names has no such rule; ask the service's coordinator.",
)


@dataclass(frozen=True)
class Reason:
    """One rule that did not hold. `found` only for those entitled to the facts."""

    rule: Rule
    found: Words | None

    @property
    def remedy(self) -> Words:
        return REMEDIES.get(self.rule.id, _OF_ANOTHER_LAW)


@dataclass(frozen=True)
class Explanation:
    """A release, told. `lead` comes first, then what stands in the way, then what holds."""

    lead: Words
    against: tuple[Reason, ...]
    holding: tuple[Rule, ...]

    def as_json(self) -> dict[str, object]:
        return {
            "lead": _json(self.lead),
            "against": [
                {
                    "rule": each.rule.id,
                    "title": _json(each.rule.title),
                    "citation": each.rule.citation,
                    "found": None if each.found is None else _json(each.found),
                    "remedy": _json(each.remedy),
                }
                for each in self.against
            ],
            "holding": [rule.id for rule in self.holding],
        }


def explain(asked: Asked) -> Explanation:
    """What was asked, what came of it, and why."""
    outcome = asked.outcome
    if outcome is not None:
        against = tuple(Reason(f.rule, f.reason) for f in outcome.findings if not f.passed)
        return Explanation(_lead(asked), against, _passed(outcome.findings))
    return Explanation(
        _lead(asked),
        tuple(Reason(rule, None) for rule in _rules(asked, passed=False)),
        tuple(_rules(asked, passed=True)),
    )


def _lead(asked: Asked) -> Words:
    domains, who = ", ".join(asked.domains), asked.requester
    run, state = asked.request.statement.binding.run, STATES[asked.state]
    decided = asked.decided
    when = long_moment(at_second(decided.at if decided else asked.at))
    return Words(
        f"{who.name} ({who.agency}) meminta ID padanan pada domain {domains} dari pemadanan"
        f" {run}. Keadaan {asked.release} pada {when.id}: {state.id}.",
        f"{who.name} ({who.agency}) asked for match IDs in the domains {domains} from run {run}."
        f" State of {asked.release} on {when.en}: {state.en}.",
    )


def _passed(findings: Iterable[Finding]) -> tuple[Rule, ...]:
    return tuple(finding.rule for finding in findings if finding.passed)


def _rules(asked: Asked, *, passed: bool) -> list[Rule]:
    """What the log has of the rules, under the names that the charter's law gives them."""
    law, decided = asked.project.charter.law, asked.decided
    said = () if decided is None else decided.rules
    return [rule_named(law, each.rule) for each in said if each.passed == passed]


def _json(words: Words) -> dict[str, str]:
    return {"id": words.id, "en": words.en}
