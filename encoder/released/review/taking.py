"""Takes the answers of a returned form, or refuses all of it and names the rows at fault.

The last answer to a row counts. A file that was taken before changes nothing. Two different answers
to one row are a conflict, which is counted and said; a row that could not be checked before and is
answered now is not one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from encoder.error_codes import EncoderCode
from encoder.released.review.references import References
from encoder.released.review.returned import ReturnedForm, ReturnedRow
from encoder.steps.review_answers import FieldAnswer, GivenAnswer, Review, TakenForm
from policy.base.errors import BadInput
from policy.base.words import Words

_MOST_NOTE = 1_000
_SHOWN = 20
_MEANT = {
    "orang yang sama": FieldAnswer.SAME,
    "sama": FieldAnswer.SAME,
    "the same person": FieldAnswer.SAME,
    "same": FieldAnswer.SAME,
    "orang lain": FieldAnswer.OTHER,
    "lain": FieldAnswer.OTHER,
    "another person": FieldAnswer.OTHER,
    "other": FieldAnswer.OTHER,
    "tidak ditemukan / belum bisa": FieldAnswer.UNRESOLVED,
    "tidak ditemukan": FieldAnswer.UNRESOLVED,
    "belum bisa": FieldAnswer.UNRESOLVED,
    "not found / not yet possible": FieldAnswer.UNRESOLVED,
    "not found": FieldAnswer.UNRESOLVED,
}
_FAULTS: dict[str, Words] = {
    "changed": Words("referensinya diubah atau kosong", "the reference is changed or missing"),
    "foreign": Words(
        "referensinya dari formulir proyek, rilis, atau sumber data lain",
        "the reference is of another project's, release's or dataset's form",
    ),
    "unknown": Words("referensinya tidak dikenal", "the reference is unknown"),
    "moved": Words(
        "referensinya ada di baris orang lain: lembar diurutkan sebagian kolomnya saja",
        "the reference is in another person's row: only some columns were sorted",
    ),
    "answer": Words("jawabannya bukan dari daftar", "the answer is not one of the list"),
}
_REMEDY = Words(
    "Pulihkan atau hapus baris itu (lembar!baris bila lembarnya beberapa), lalu ulangi."
    " Tidak ada jawaban yang disimpan.",
    "Restore or delete these rows (sheet!row if there are several sheets), then try again."
    " No answer was stored.",
)


@dataclass(frozen=True)
class Taken:
    """What a returned form brought. `again`: the same file was taken before, nothing changed."""

    answers: int = 0
    new: int = 0
    changed: int = 0
    conflicts: int = 0
    empty: int = 0
    again: bool = False


def take(review: Review, form: ReturnedForm, at: int) -> tuple[Review, Taken]:
    """The review with the form's answers; raises BadInput with the rows at fault."""
    if any(each.sha256 == form.sha256 for each in review.forms):
        return review, Taken(answers=len(form.rows), empty=form.empty, again=True)
    meant = _require_sound(review, form)
    given = dict(review.given)
    new = changed = conflicts = 0
    for reference, answer, note in meant:
        before = given.get(reference)
        given[reference] = GivenAnswer(answer=answer, note=note[:_MOST_NOTE], at=at)
        if before is None:
            new += 1
        elif before.answer is not answer:
            changed += 1
            conflicts += before.answer is not FieldAnswer.UNRESOLVED
    taken = TakenForm(sha256=form.sha256, answers=len(meant), conflicts=conflicts, at=at)
    now = review.model_copy(update={"given": given, "forms": (*review.forms, taken)})
    return now, Taken(len(meant), new, changed, conflicts, form.empty)


def answer_one(review: Review, reference: str, answer: FieldAnswer, note: str, at: int) -> Review:
    """The review with one answer from the page; raises BadInput for an unknown reference."""
    if reference not in review.asked:
        raise _faulty({"unknown": ["-"]})
    given = {**review.given, reference: GivenAnswer(answer=answer, note=note[:_MOST_NOTE], at=at)}
    return review.model_copy(update={"given": given})


def read_answer(text: str) -> FieldAnswer | None:
    """The answer in any letter case and spacing; None if it is none of the list."""
    return _MEANT.get(" ".join(text.replace("/", " / ").split()).casefold())


def _require_sound(review: Review, form: ReturnedForm) -> list[tuple[str, FieldAnswer, str]]:
    references = References(bytes.fromhex(review.key))
    owners: dict[str, set[str]] = defaultdict(set)
    for reference, asked in review.asked.items():
        owners[asked.content].add(reference)
    faults: dict[str, list[str]] = defaultdict(list)
    found: list[tuple[str, FieldAnswer, str]] = []
    for row in form.rows:
        read = references.read(row.reference)
        answer = read_answer(row.answer)
        fault = "answer" if answer is None else None
        if read in ("changed", "foreign"):
            fault = read
        elif read not in review.asked:
            fault = "unknown"
        elif read not in owners.get(references.content(row.own), {read}):
            fault = "moved"
        if fault is not None:
            faults[fault].append(_place(row, form))
        elif answer is not None:
            found.append((read, answer, row.note))
    if faults:
        raise _faulty(faults)
    return found


def _place(row: ReturnedRow, form: ReturnedForm) -> str:
    return str(row.row) if form.sheets == 1 else f"{row.sheet}!{row.row}"


def _faulty(faults: dict[str, list[str]]) -> BadInput:
    told = Words(
        "; ".join(f"baris {_listed(rows)}: {_FAULTS[each].id}" for each, rows in faults.items()),
        "; ".join(f"row {_listed(rows)}: {_FAULTS[each].en}" for each, rows in faults.items()),
    )
    problem = Words(f"Formulir tidak diambil. {told.id}.", f"The form was not taken. {told.en}.")
    if set(faults) == {"answer"}:
        return BadInput(EncoderCode.REVIEW_ANSWER, problem, _REMEDY)
    return BadInput(EncoderCode.REVIEW_REFERENCE, problem, _REMEDY)


def _listed(rows: Iterable[str]) -> str:
    listed = list(rows)
    more = f" (+{len(listed) - _SHOWN})" if len(listed) > _SHOWN else ""
    return ", ".join(listed[:_SHOWN]) + more
