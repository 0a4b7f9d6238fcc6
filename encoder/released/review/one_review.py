"""One release's review at its recipient: its form, its answers, its figures."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from encoder.error_codes import EncoderCode
from encoder.released.attributes.received import ReceivedColumns
from encoder.released.lists.joined import JoinedTable, join_table
from encoder.released.lists.of_release import charter_of
from encoder.released.review.asking import ReviewForm, ask
from encoder.released.review.figures import DomainReview, domains_of, figures_to_say
from encoder.released.review.form_workbook import SheetsBy, write_form
from encoder.released.review.returned import read_returned
from encoder.released.review.taking import Taken, answer_one, take
from encoder.source.mapping import columns_of
from encoder.steps.open_release import opened_before, prepared_for
from encoder.steps.review_answers import FieldAnswer, Review, load_review, store_review
from encoder.steps.source_match import source_now
from encoder.steps.workspace import Workspace
from policy.base.errors import NotYet
from policy.base.output import Output
from policy.base.words import Language, Words
from policy.statements.kinds.reviewed import ReviewFigures

_LOCK_SECONDS = 60


@dataclass(frozen=True)
class OneReview:
    """The review of one release and dataset in a workspace; needs no network."""

    workspace: Workspace
    release: str
    dataset: str

    def ask(
        self,
        sample: int = 0,
        seed: int | None = None,
        source: Path | None = None,
        mapping: Path | None = None,
        columns: Iterable[str] = (),
    ) -> ReviewForm:
        """The form of all rows to check and of a sample; it is expected from now on."""
        table, niks = self._table(source, mapping, tuple(columns))
        with self._alone():
            form = ask(table, niks, self.load(), sample, seed, int(time.time()))
            self._store(form.review)
        return form

    def table(self) -> JoinedTable:
        """The matched rows as they were released, without the field's answers."""
        return self._table(None, None, ())[0]

    def _table(
        self, source: Path | None, mapping: Path | None, columns: tuple[str, ...]
    ) -> tuple[JoinedTable, list[str]]:
        """The matched rows, and the columns with a NIK."""
        charter = charter_of(self.workspace, self.release)
        prepared = prepared_for(self.workspace, self.release, self.dataset)
        opened = opened_before(self.workspace.session, self.release, self.dataset)
        now = source_now(prepared, charter, source, mapping, self.workspace.seal())
        table = join_table(
            prepared, charter, now, opened, ReceivedColumns(), columns, everybody=False
        )
        names = (each.name for each in charter.fields if each.kind == "nik")
        return table, [c for name in names for c in columns_of(now.mapping.fields.get(name))]

    def write(self, form: ReviewForm, out: Output, by: SheetsBy, language: Language = "id") -> int:
        """Write the form, and enter it into the register of lists; returns its sheets.

        Raises NotYet if there is nothing to ask.
        """
        if not form.rows:
            raise NotYet(
                EncoderCode.REVIEW_NOTHING,
                Words(
                    f"{self.release}: tidak ada baris yang perlu dicek.",
                    f"{self.release}: no rows are to be checked.",
                ),
                Words(
                    "Ambil sampel padanan pasti dengan --sample.",
                    "Draw a sample of certain matches by --sample.",
                ),
            )
        entered = out.entered_in(self.workspace.register("review"))
        with entered.replacing(private=True) as temporary:
            return write_form(temporary, form, by, language)

    def take(self, path: Path, *, remember: bool = True) -> Taken:
        """Take a returned form; a file that is remembered ends with the lists."""
        returned = read_returned(path)
        with self._alone():
            review, taken = take(self.load(), returned, int(time.time()))
            if not taken.again:
                self._store(review)
        if remember:
            self.workspace.remember(path, "review")
        return taken

    def answer(self, reference: str, answer: FieldAnswer, note: str = "") -> None:
        """Take one answer from the page."""
        with self._alone():
            self._store(answer_one(self.load(), reference, answer, note, int(time.time())))

    def domains(self) -> tuple[DomainReview, ...]:
        """The measured precision, exact and for this agency alone."""
        return domains_of(self.load())

    def figures(self) -> ReviewFigures:
        """The counts that may be said; raises NotYet if none is large enough."""
        session = self.workspace.session
        decision = session.project.release(self.release).require_decision().digest
        return figures_to_say(self.load(), session.charter, self.release, decision, self.dataset)

    def load(self) -> Review:
        """The review so far."""
        self.workspace.require_own(self.dataset)
        self.workspace.require_kept("lists")
        return load_review(self.workspace, self.release, self.dataset)

    def _store(self, review: Review) -> None:
        """Store the review, encrypted."""
        store_review(self.workspace, self.release, self.dataset, review)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other command or page changes the review meanwhile: an answer would be lost."""
        try:
            with FileLock(self.workspace.folder / "review.lock", timeout=_LOCK_SECONDS):
                yield
        except Timeout:
            raise NotYet(
                EncoderCode.REVIEW_BUSY,
                Words(
                    "Perintah atau halaman lain sedang mengubah pemeriksaan ini.",
                    "Another command or page is changing this review.",
                ),
                Words("Tunggu sampai selesai, lalu ulangi.", "Wait until it ends, and repeat."),
            ) from None
