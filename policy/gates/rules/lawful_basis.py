"""The purpose and at least one cited regulation are valid today."""

import re
from collections.abc import Callable
from datetime import date

from policy.base.dates import long_day
from policy.base.words import Words
from policy.charter import Citation
from policy.charter.regulations import ENDED
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds

# The first law knows only these spellings of a citation, and always judges its logs by them.
_INPRES = re.compile(
    r"(?:inpres|instruksi\s+presiden)\s+(?:no(?:mor)?\.?\s*)?(\d+)\s*(?:/|tahun|th\.?)\s*(\d{4})",
    re.I,
)
_ENDED = {(each.number, each.year): last for each, last in ENDED.items() if each.kind == "inpres"}


def judge(case: RunCase) -> Answer:
    return judge_by(case, _has_ended)


def judge_by(case: RunCase, has_ended: Callable[[str, date], bool]) -> Answer:
    """Judges the rule with a given reading of citations; a later law reads more spellings."""
    purpose = case.charter.purpose
    if not purpose.valid_from <= case.day <= purpose.valid_until:
        first, last = long_day(purpose.valid_from), long_day(purpose.valid_until)
        return fails(
            f"Tujuan berlaku {first.id} sampai {last.id}.",
            f"The purpose is valid from {first.en} to {last.en}.",
        )
    expired = [c.text for c in case.charter.lawful_basis.citations if has_ended(c.text, case.day)]
    if expired:
        names = ", ".join(expired)
        return fails(f"Sudah tidak berlaku: {names}.", f"No longer in force: {names}.")
    if not any(_carries(citation, case) for citation in case.charter.lawful_basis.citations):
        return fails(
            "Tidak satu pun dasar hukum yang disebut masih berlaku.",
            "None of the regulations cited is valid today.",
        )
    return holds("Tujuan dan dasar hukum berlaku.", "Purpose and basis are valid.")


def _carries(citation: Citation, case: RunCase) -> bool:
    starts = citation.valid_from is None or citation.valid_from <= case.day
    ends = citation.valid_until is None or case.day <= citation.valid_until
    return starts and ends


def _has_ended(citation: str, day: date) -> bool:
    return any(
        day > _ENDED.get((int(number), int(year)), date.max)
        for number, year in _INPRES.findall(citation)
    )


RULE = Rule(
    id="run.lawful-basis",
    title=Words("Tujuan dan dasar hukum berlaku", "Purpose and lawful basis are valid"),
    citation="UU 27/2022 Ps. 16(2), 20(2)",
    remedy=Words(
        "Sebut dasar hukum yang masih berlaku dalam perubahan piagam.",
        "Name a regulation that is in force, by an amendment.",
    ),
    settled_by=SettledBy.CHARTER,
    judge=judge,
)
