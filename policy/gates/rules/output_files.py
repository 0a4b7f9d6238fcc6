"""The staged files are exactly those that the charter's domains require."""

from policy.base.words import Words
from policy.charter import Charter
from policy.gates.rules.case import ReleaseCase, StagedFact
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def expected_files(charter: Charter, domains: tuple[str, ...]) -> frozenset[StagedFact]:
    """One file a dataset and domain: membership if the owner may learn it, else a private index."""
    return frozenset(
        StagedFact(
            dataset=dataset,
            domain=domain.id,
            recipient=charter.dataset(dataset).owner,
            form="membership" if dataset in domain.learn else "private-index",
        )
        for domain in map(charter.domain, domains)
        for dataset in domain.datasets
    )


def judge(case: ReleaseCase) -> Answer:
    expected = expected_files(case.run.charter, case.domains)
    if frozenset(case.files) != expected or len(case.files) != len(expected):
        return fails(
            "Ada berkas yang kurang, lebih, atau salah bentuk.",
            "A file is missing, too many, or of the wrong form.",
        )
    if case.run.charter.release.grades:
        return holds(
            "Hanya pegangan baris, ID padanan, rahasia baris, dan tingkat kepastian.",
            "Row handles, match IDs, row secrets and grades only.",
        )
    return holds(
        "Hanya pegangan baris, ID padanan, dan rahasia baris.",
        "Row handles, match IDs and row secrets only.",
    )


RULE = Rule(
    id="release.output-files",
    title=Words("Keluaran sesuai piagam", "The output is what the charter allows"),
    citation="UU 27/2022 Ps. 16(2); UU 16/1997 Ps. 21; Permendagri 102/2019",
    remedy=Words(
        "Jangan menerima rilis ini; tanyakan kepada koordinator layanan.",
        "Accept nothing of this release; ask the service's coordinator.",
    ),
    settled_by=SettledBy.NOTHING,
    judge=judge,
)
