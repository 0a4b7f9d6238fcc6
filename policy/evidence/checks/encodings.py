"""10. Encoder, schema and rules are the agreed ones, as each agency's signed manifest declares.

By equal codes over published test records, all agencies attest that they used the same keys, rules
and profile. No file can prove which program encoded the millions of other rows.
"""

from __future__ import annotations

from policy.base.words import Words
from policy.evidence.attesting import attested_by
from policy.evidence.case import Case
from policy.evidence.checks.breaches import ENCODINGS, breaches_in
from policy.evidence.checks.leaves import check_leaves
from policy.evidence.report import CheckFinding
from policy.project import sealed_of
from policy.statements import Accepted, BundleManifest, Confirmed, Delta

ID = ENCODINGS
TITLE = Words("Penyandi dan skema seperti dinyatakan", "Encoder and schema as declared")


def check(case: Case) -> list[CheckFinding]:
    return [
        *_confirmations(case),
        *_manifests(case),
        *check_leaves(case),
        *breaches_in(case, ID),
    ]


def _confirmations(case: Case) -> list[CheckFinding]:
    confirmed = [(e, e.body) for e in case.project.of(Confirmed)]
    if not confirmed:
        return []
    equal = len({body.records_mac for _, body in confirmed}) == 1
    senders = {entry.statement.sender for entry, _ in confirmed}
    parties = len(senders)
    standing, agencies = attested_by(case, senders)
    return [
        CheckFinding(
            "encodings.confirmed",
            "failed" if not equal else standing if parties > 1 else "not-shown",
            Words(
                f"{parties} instansi menyandikan baris uji dengan hasil yang sama.",
                f"{parties} agencies encoded the test records to the same result.",
            )
            if equal
            else Words(
                "Instansi menyandikan baris uji dengan hasil yang berbeda.",
                "The agencies encoded the test records to different results.",
            ),
            tuple(entry.index for entry, _ in confirmed),
            agencies,
        )
    ]


def _manifests(case: Case) -> list[CheckFinding]:
    terms, rules = case.project.charter.terms_digest(), case.project.charter.encoding.rules_digest
    accepted = {e.body.bundle for e in case.project.of(Accepted)}
    findings = []
    for entry in (*case.project.of(BundleManifest), *case.project.of(Delta)):
        manifest = sealed_of(entry)
        as_agreed = (manifest.terms, manifest.rules) == (terms, rules)
        opened = entry.digest in accepted
        findings.append(
            CheckFinding(
                f"encodings.{manifest.dataset}",
                "proved" if as_agreed else "failed",
                Words(
                    f"{manifest.dataset}: ketentuan {manifest.terms[:12]}…, aturan"
                    f" {manifest.rules[:12]}…, "
                    + ("seperti piagam" if as_agreed else "BUKAN yang disepakati piagam")
                    + ("." if opened else "; belum diterima layanan."),
                    f"{manifest.dataset}: terms {manifest.terms[:12]}…, rules"
                    f" {manifest.rules[:12]}…, "
                    + ("as the charter has them" if as_agreed else "NOT those of the charter")
                    + ("." if opened else "; not accepted by the service yet."),
                ),
                (entry.index,),
            )
        )
    return findings
