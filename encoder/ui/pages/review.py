"""The field review on a phone: one card for each row, three large buttons, forms in and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Form as Field
from fastapi import Request, UploadFile
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response

from encoder.released.review.asking import FormRow, ReviewForm
from encoder.released.review.form_workbook import SheetsBy
from encoder.released.review.one_review import OneReview
from encoder.released.review.taking import Taken, read_answer
from encoder.steps.review_answers import FieldAnswer, Review
from encoder.steps.workspace import Workspace
from encoder.ui.chosen import copy_privately
from encoder.ui.pages.frame import OfficerFrame
from policy.base.errors import PadanError
from policy.base.files import shred_file
from policy.base.output import Output
from policy.base.words import Words
from policy.project.naming import offices

_CARDS = 50
ANSWERS: tuple[tuple[FieldAnswer, Words], ...] = (
    (FieldAnswer.SAME, Words("Orang yang sama", "The same person")),
    (FieldAnswer.OTHER, Words("Orang lain", "Another person")),
    (
        FieldAnswer.UNRESOLVED,
        Words("Tidak ditemukan / belum bisa", "Not found / not yet possible"),
    ),
)


@dataclass(frozen=True)
class ReviewPlace:
    """A kelurahan and RW with its rows: how many there are, and how many have an answer."""

    kelurahan: str
    rw: str
    rows: int
    answered: int

    @property
    def address(self) -> str:
        return urlencode({"kelurahan": self.kelurahan, "rw": self.rw})


@dataclass(frozen=True)
class ReviewCard:
    """One row on the page, with its answer so far."""

    row: FormRow = field(repr=False)
    cells: tuple[tuple[str, str], ...] = field(repr=False)
    answer: FieldAnswer | None
    note: str = field(repr=False)


class ReviewPages:
    """What a field worker and the data officer see of one release's review."""

    def __init__(self, frame: OfficerFrame) -> None:
        self._frame, self._officer = frame, frame.officer
        self._forms: dict[tuple[str, str, str], ReviewForm] = {}

    def overview(self, request: Request, release: str) -> Response:
        """Places, figures, and forms out and in."""
        return self._frame.guarded(request, "review", lambda: self._facts(release))

    def _facts(self, release: str, taken: Taken | None = None) -> dict[str, Any]:
        form, review = self._form(release)
        named = offices(self._officer.session(network=False).project).domain
        return {
            "release": release,
            "places": sorted(
                _places(form.rows, review), key=lambda each: each.answered == each.rows
            ),
            "rows": len(form.rows),
            "answered": sum(row.reference in review.given for row in form.rows),
            "figures": [
                words for each in self._one(release).domains() for words in each.sentences(named)
            ],
            "taken": taken,
        }

    def sample(
        self, request: Request, release: str, rows: Annotated[int, Field(ge=0, le=100_000)] = 0
    ) -> Response:
        """Add a random sample of certain rows."""

        def act() -> None:
            self._forms[self._key(release)] = self._one(release).ask(rows)

        return self._frame.do(request, "results", act, f"/review/{release}")

    def cards(
        self, request: Request, release: str, kelurahan: str = "", rw: str = "", start: int = 0
    ) -> Response:
        """The rows of one place."""

        def facts() -> dict[str, Any]:
            form, review = self._form(release)
            rows = [r for r in form.rows if (r.place.kelurahan, r.place.rw) == (kelurahan, rw)]
            begin = max(0, min(start, len(rows) - 1))
            shown = rows[begin : begin + _CARDS]
            place = urlencode({"kelurahan": kelurahan, "rw": rw})
            here = f"/review/{release}/rows?{place}"
            return {
                "release": release,
                "kelurahan": kelurahan,
                "rw": rw,
                "cards": [_card(form.own, row, review) for row in shown],
                "answers": ANSWERS,
                "at": f"{here}&start={begin}",
                "before": f"{here}&start={begin - _CARDS}" if begin else "",
                "after": f"{here}&start={begin + _CARDS}" if begin + _CARDS < len(rows) else "",
            }

        return self._frame.guarded(request, "review_rows", facts)

    def answer(
        self,
        request: Request,
        release: str,
        reference: Annotated[str, Field()],
        answer: Annotated[str, Field()],
        note: Annotated[str, Field()] = "",
        back: Annotated[str, Field()] = "",
    ) -> Response:
        """Take one answer; the page's script asks for JSON and stays where it is."""
        read = read_answer(answer)
        by_script = "application/json" in request.headers.get("accept", "")
        try:
            if read is not None:
                self._one(release).answer(reference, read, note.strip())
        except PadanError as error:
            if by_script:
                return JSONResponse({"error": error.code}, 409)
            return self._frame.refused(request, error, f"/review/{release}")
        if by_script:
            return JSONResponse({"answer": read})
        safe = back if back.startswith(f"/review/{release}/") else f"/review/{release}"
        return RedirectResponse(f"{safe}#{reference}", 303)

    def form(self, request: Request, release: str, sheets: str = "none") -> Response:
        """The form as a workbook, kept in the home folder and in the register of lists."""
        out = self._officer.folder / f"{self._officer.dataset}.review-{release}.xlsx"
        by = SheetsBy(sheets) if sheets in set(SheetsBy) else SheetsBy.none
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            made, _ = self._form(release)
            language = self._frame.language(request)
            self._one(release).write(made, Output(out, may_replace=True), by, language)
        except PadanError as error:
            return self._frame.refused(request, error, f"/review/{release}")
        return FileResponse(out, filename=f"formulir-{release}.xlsx")

    def take(self, request: Request, release: str, form: UploadFile) -> Response:
        """Take a returned form; the copy that was read is overwritten."""
        lent = self._officer.folder / f"{self._officer.dataset}.returned"

        def facts() -> dict[str, Any]:
            lent.parent.mkdir(parents=True, exist_ok=True)
            try:
                copy_privately(form.file, lent)
                taken = self._one(release).take(lent, remember=False)
            finally:
                shred_file(lent)
            return self._facts(release, taken)

        try:
            return self._frame.show(request, "review", **facts())
        except PadanError as error:
            return self._frame.refused(request, error, f"/review/{release}")

    def _one(self, release: str) -> OneReview:
        session = self._officer.session(network=False)
        return OneReview(Workspace(session), release, self._officer.dataset)

    def _key(self, release: str) -> tuple[str, str, str]:
        return self._officer.project_id, release, self._officer.dataset

    def _form(self, release: str) -> tuple[ReviewForm, Review]:
        """The rows, read once from the source, and the answers so far."""
        one, key = self._one(release), self._key(release)
        if key not in self._forms:
            self._forms[key] = one.ask()
        return self._forms[key], one.load()


def _places(rows: Sequence[FormRow], review: Review) -> list[ReviewPlace]:
    """Every kelurahan and RW in the order of the rows."""
    found: dict[tuple[str, str], list[FormRow]] = {}
    for row in rows:
        found.setdefault((row.place.kelurahan, row.place.rw), []).append(row)
    return [
        ReviewPlace(*place, len(some), sum(row.reference in review.given for row in some))
        for place, some in found.items()
    ]


def _card(own: Sequence[str], row: FormRow, review: Review) -> ReviewCard:
    given = review.given.get(row.reference)
    cells = tuple((name, cell) for name, cell in zip(own, row.own, strict=True) if cell.strip())
    return ReviewCard(row, cells, given.answer if given else None, given.note if given else "")
