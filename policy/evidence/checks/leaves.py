"""Rows that an agency opened on site were drawn by a witnessed checkpoint and equal the commitment.

Part of check 10. On the agency's machine the auditor sees whether a record is true and was encoded
as the charter says. Here it is checked that nobody chose or exchanged the rows.
"""

from __future__ import annotations

from policy.base.error_codes import PolicyCode
from policy.base.errors import PadanError, Unverified
from policy.base.words import Words
from policy.evidence.case import Case
from policy.evidence.report import CheckFinding
from policy.formats.opened_leaves import OpenedLeaves
from policy.log import Checkpoint, parse_checkpoint, parse_note
from policy.log.drawn_leaves import draw_positions, require_opened
from policy.project import sealed_of
from policy.statements import Accepted


def check_leaves(case: Case) -> list[CheckFinding]:
    return [_checked(case, answer) for answer in case.leaves]


def _checked(case: Case, answer: OpenedLeaves) -> CheckFinding:
    draw, id_ = answer.draw, f"encodings.leaves.{answer.draw.dataset}"
    try:
        entries = _require_drawn(case, answer)
    except PadanError as error:
        return CheckFinding(id_, "failed", error.problem)
    rows = len(answer.leaves)
    canaries = sum(leaf.slot is not None for leaf in answer.leaves)
    return CheckFinding(
        id_,
        "proved",
        Words(
            f"{draw.dataset}: {rows} baris yang diundi oleh titik periksa kemudian ({canaries} di"
            " antaranya kenari) adalah yang dikunci sebelum ada kunci.",
            f"{draw.dataset}: {rows} rows drawn by a later checkpoint ({canaries} of them canaries)"
            " are those committed to before any key existed.",
        ),
        entries,
    )


def _require_drawn(case: Case, answer: OpenedLeaves) -> tuple[int, ...]:
    """The entries that the opened rows depend on.

    Raises Unverified, or Refused for something that is not in the log.
    """
    draw = answer.draw
    entry = case.project.entry(draw.commitment)
    sealed = sealed_of(entry)
    intake = next(
        (e for e in case.project.of(Accepted) if e.body.bundle == draw.commitment),
        None,
    )
    if (
        intake is None
        or (draw.project, draw.dataset, draw.rows)
        != (case.project_id, sealed.dataset, sealed.count)
        or not _is_witnessed(case, _checkpoint(draw.checkpoint), after=intake.index)
    ):
        raise _other("undiannya bukan tentang log ini", "the draw is not about this log")
    drawn = draw_positions(
        draw.commitment,
        draw.dataset,
        _checkpoint(draw.checkpoint),
        sealed.count,
        len(draw.positions),
    )
    if draw.positions != drawn:
        raise _other("posisinya tidak diundi", "its positions were not drawn")
    require_opened(answer, bytes.fromhex(sealed.handle_root))
    return entry.index, intake.index


def _checkpoint(note: str) -> Checkpoint:
    return parse_checkpoint(parse_note(note).text)


def _is_witnessed(case: Case, checkpoint: Checkpoint, after: int) -> bool:
    """Whether the quorum cosigned exactly this checkpoint, and it covers that entry."""
    witnesses = case.project.charter.witnesses
    names = frozenset(witnesses.members)
    return checkpoint.size > after and any(
        (note.checkpoint.size, note.checkpoint.root) == (checkpoint.size, checkpoint.root)
        and len(note.cosigned().members & names) >= witnesses.quorum
        for note in case.witnessed()
    )


def _other(indonesian: str, english: str) -> Unverified:
    return Unverified(
        PolicyCode.LEAVES_DRAW,
        Words(f"Pembukaan baris: {indonesian}.", f"Opened rows: {english}."),
        Words(
            "Auditor mengundi lagi dengan 'padan-policy draw-leaves'.",
            "The auditor draws again with 'padan-policy draw-leaves'.",
        ),
    )
