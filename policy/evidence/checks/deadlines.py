"""Statements with a deadline, and whether witnesses saw each in time.

The time in a decision is the service's word. A checkpoint over the decision shows that it was in
time, if a quorum cosigned the checkpoint while every rule still passed, or up to a day later.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy.base.clocks import TIMES_APART_SECONDS
from policy.base.dates import at_second, long_moment
from policy.base.errors import PadanError
from policy.base.words import Words
from policy.evidence.case import Case
from policy.evidence.report import DEADLINE, CheckFinding
from policy.gates.rules import Finding as Ruled
from policy.law.in_time import WITNESS_SLACK_SECONDS, broken_by, key_ended, names_of, votes_for
from policy.project import Entry
from policy.statements import Decided, Staged

KEY_ENDED = "order.key-ended"


def deadlines(case: Case) -> Iterator[CheckFinding]:
    """Whether every release was made before its stage and its approvals expired."""
    for entry in case.project.released():
        stage = case.project.log.by_digest.get(entry.body.stage)
        if stage is None:
            continue
        try:
            yield _deadline(case, stage.of_kind(Staged), entry)
        except PadanError as error:
            yield CheckFinding(DEADLINE, "not-shown", error.problem, (stage.index, entry.index))


def _deadline(case: Case, stage: Entry[Staged], entry: Entry[Decided]) -> CheckFinding:
    decided = entry.body
    name, looked = decided.release, (stage.index, entry.index)
    if decided.at > stage.body.expires:
        return CheckFinding(
            DEADLINE,
            "failed",
            Words(
                f"{name}: dirilis sesudah berkas rilisnya kedaluwarsa.",
                f"{name}: released after its stage expired.",
            ),
            (entry.index,),
        )
    lacking = case.witnesses.lacking_at(entry.index)
    if lacking is not None:
        broken = broken_by(case.project, entry, lacking - TIMES_APART_SECONDS)
        if broken:
            return CheckFinding(
                DEADLINE, "failed", _came_late(name, lacking, broken), (entry.index,)
            )
    seen = case.witnesses.seen_by_quorum(entry.index)
    if seen is None:
        unseen = Words(
            f"{name}: belum disaksikan kuorum; bahwa ia tepat waktu tidak ditunjukkan.",
            f"{name}: no quorum has seen it; that it was in time is not shown.",
        )
        return CheckFinding(DEADLINE, "not-shown", unseen, looked)
    broken = broken_by(case.project, entry, seen - WITNESS_SLACK_SECONDS)
    if broken:
        return CheckFinding(DEADLINE, "not-shown", _seen_late(name, seen, broken), looked)
    ended = tuple(v.index for v in votes_for(case.project, entry) if _seen_after_end(case, v))
    if ended:
        problem = Words(
            f"{name}: persetujuan baru terlihat sesudah kuncinya berakhir.",
            f"{name}: an approval was seen only after its key had ended.",
        )
        return CheckFinding(DEADLINE, "not-shown", problem, (*ended, entry.index))
    on = long_moment(at_second(seen))
    return CheckFinding(
        DEADLINE,
        "proved",
        Words(
            f"{name}: dirilis sebelum tenggatnya; kuorum melihatnya sejak {on.id}.",
            f"{name}: released before its deadlines; a quorum saw it by {on.en}.",
        ),
        looked,
    )


def _came_late(release: str, lacking: int, broken: list[Ruled]) -> Words:
    on, rules = long_moment(at_second(lacking)), names_of(broken)
    return Words(
        f"{release}: pada {on.id} saksi belum melihatnya, dan tidak terpenuhi lagi: {rules}.",
        f"{release}: on {on.en} witnesses had not seen it, and these no longer held: {rules}.",
    )


def _seen_late(release: str, seen: int, broken: list[Ruled]) -> Words:
    on, rules = long_moment(at_second(seen)), names_of(broken)
    return Words(
        f"{release}: kuorum baru melihatnya pada {on.id}, ketika tidak terpenuhi lagi: {rules};"
        " bahwa ia tepat waktu tidak ditunjukkan.",
        f"{release}: a quorum saw it only on {on.en}, when these no longer held: {rules}; that it"
        " was in time is not shown.",
    )


def keys(case: Case) -> list[CheckFinding]:
    """Statements that a key signed after its end, although they state an earlier time."""
    entries = case.project.entries
    late = [entry.index for entry in entries if _signed_after_end(case, entry)]
    unseen = [e.index for e in entries if e.index not in late and _seen_after_end(case, e)]
    return [*_ended(KEY_ENDED, late), *_ended(f"{KEY_ENDED}.unseen", unseen)]


def _signed_after_end(case: Case, entry: Entry) -> bool:
    lacking = case.witnesses.lacking_at(entry.index)
    return lacking is not None and key_ended(case.project, entry, lacking - TIMES_APART_SECONDS)


def _seen_after_end(case: Case, entry: Entry) -> bool:
    seen = case.witnesses.seen_by_quorum(entry.index)
    return seen is not None and key_ended(case.project, entry, seen - WITNESS_SLACK_SECONDS)


def _ended(id_: str, entries: list[int]) -> list[CheckFinding]:
    if not entries:
        return []
    named = ", ".join(map(str, entries[:10])) + (", …" if len(entries) > 10 else "")
    if id_ == KEY_ENDED:
        return [
            CheckFinding(
                id_,
                "failed",
                Words(
                    f"Entri {named} ditandatangani sesudah kunci pengirimnya berakhir, menurut"
                    " saksi.",
                    f"Entry {named} was signed after its sender's key had ended, as witnesses"
                    " show.",
                ),
                tuple(entries),
            )
        ]
    return [
        CheckFinding(
            id_,
            "not-shown",
            Words(
                f"Entri {named} baru disaksikan sesudah kunci pengirimnya berakhir.",
                f"Entry {named} was witnessed only after its sender's key had ended.",
            ),
            tuple(entries),
        )
    ]
