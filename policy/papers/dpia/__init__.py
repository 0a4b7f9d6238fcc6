"""Draft of the data protection impact assessment (UU PDP art. 34).

The draft has the description, necessity and proportionality, the risks with their countermeasures,
the limits, and the people who must be heard. What the charter settles is filled in. People write
what only people can judge.
"""

from __future__ import annotations

from datetime import datetime

from policy.base.words import Words
from policy.papers.dpia.description import description, necessity
from policy.papers.dpia.outcome import heard, rights
from policy.papers.dpia.probes import probes
from policy.papers.dpia.risks import limits, risks
from policy.papers.dpia.triggers import why
from policy.papers.paper import Paper, SignatureBlock
from policy.papers.reading import Reading


def dpia(reading: Reading, now: datetime) -> Paper:
    project = reading.project
    return Paper(
        kind="dpia",
        title=Words(
            "Penilaian Dampak Pelindungan Data Pribadi", "Data Protection Impact Assessment"
        ),
        law="UU 27/2022 Ps. 34",
        origin=reading.origin(now),
        sections=(
            why(project.charter),
            description(project),
            necessity(project.charter),
            risks(project.charter),
            probes(project),
            limits(project.charter),
            rights(project),
            heard(project),
        ),
        signatures=(
            *(
                SignatureBlock(Words("Pengendali", "Controller"), party)
                for party in project.charter.party_ids
            ),
            SignatureBlock(
                Words("Pejabat PDP para pengendali", "Data protection officers of controllers")
            ),
            SignatureBlock(
                Words("Pejabat PDP prosesor", "Data protection officer of the processor")
            ),
        ),
    )
