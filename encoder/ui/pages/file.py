"""From a file to prepared rows: its columns, its quality, its people."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any

from fastapi import Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from encoder.delta import freeze_delta
from encoder.freeze import freeze_dataset
from encoder.inspect import Inspection
from encoder.mapping import CodeColumn, FieldSource, Mapping, RecordId
from encoder.normalise.regions import Codebook
from encoder.prepared import PreparedDataset
from encoder.presets.proposal import propose
from encoder.quality import findings, forecast
from encoder.quality.page import page as quality_page
from encoder.quality.table import SEVERITY
from encoder.readers.rules import explain
from encoder.refused import KEPT, refused_lines, summary
from encoder.ui.pages.frame import Frame
from encoder.workspace import Workspace
from policy.charter import Dataset, LinkageField
from policy.errors import PadanError
from policy.local_page.jobs import Advance
from policy.words import Words, number

FIELD_NAMES = {
    "name": Words("nama", "name"),
    "date": Words("tanggal lahir", "date of birth"),
    "sex": Words("jenis kelamin", "sex"),
    "place": Words("kelurahan/desa", "village"),
    "postal": Words("kode pos", "postal code"),
    "nik": Words("NIK", "NIK"),
    "kk": Words("nomor KK", "family card"),
    "rtrw": Words("RT/RW", "RT/RW"),
    "address": Words("alamat", "address"),
    "digits": Words("angka", "digits"),
    "text": Words("teks", "text"),
}
# What a second field of a kind holds, by the name that the templates give it.
_SECOND_NAMES = {"ibu": Words("nama ibu kandung", "mother's name")}
_JOINED = "(joined)"
# A code and whose book it is from; no column's name begins so.
_CODED = "({}) {}"
_BOOKS: dict[Codebook, str] = {"bps": "BPS", "kemendagri": "Kemendagri"}


class FilePages:
    """Steps 2 to 5."""

    def __init__(self, frame: Frame) -> None:
        self._frame, self._officer = frame, frame.officer

    def file_facts(self) -> dict[str, Any]:
        self._officer.session(network=False)
        return {}

    def keep_file(
        self,
        request: Request,
        file: UploadFile | None = None,
        path: Annotated[str, Form()] = "",
    ) -> Response:
        def act() -> None:
            if path.strip():
                self._officer.use_path(Path(path.strip()).expanduser())
            elif file is not None and file.filename:
                self._officer.keep_file(file.filename, file.file)
            else:
                self._officer.require_source()

        return self._frame.do(request, "file", act, "/step/columns")

    def column_facts(self) -> dict[str, Any]:
        found: Inspection = self._officer.inspection()
        mapping = self._officer.mapping()
        charter = self._officer.session(network=False).charter
        unread = {each.column for each in found.payload}
        code = propose(found.columns, found.fit.layout if found.fit else None).roles.get(
            "code_region"
        )
        codes = [(_CODED.format(book, code), f"{code} ({_BOOKS[book]})") for book in _BOOKS if code]
        return {
            "found": found,
            "unlike": unlike(found, charter.dataset(self._officer.dataset)),
            "mapping": mapping,
            "fields": [
                (
                    each.name,
                    _label(each),
                    _chosen(mapping, each.name),
                    codes if each.kind == "place" else [],
                )
                for each in charter.fields
            ],
            "choices": [column for column in found.columns if column and column not in unread],
        }

    async def map_columns(self, request: Request) -> Response:
        form = await request.form()

        def act() -> None:
            mapping = self._officer.mapping()
            fields = {
                name: source_of(str(form.get(f"field-{name}", "")), before)
                for name, before in mapping.fields.items()
            }
            changed: dict[str, Any] = {
                "fields": fields,
                "record_id": record_id_of(str(form.get("record_id", "")), mapping.record_id),
                "damaged_identifiers": "drop" if form.get("drop") else "refuse",
            }
            self._officer.save_mapping(Mapping.model_validate({**mapping.model_dump(), **changed}))
            self._officer.check_quality()

        return self._frame.do(request, "columns", act, "/step/quality")

    def quality_facts(self) -> dict[str, Any]:
        job = self._officer.job_of("quality")
        profile = self._officer.profile()
        found = findings(profile) if profile is not None else ()
        return {"profile": profile, "findings": found, "severity": SEVERITY, "job": job}

    def check_quality(self, request: Request) -> Response:
        return self._frame.do(request, "quality", self._officer.check_quality, "/step/quality")

    def quality_report(self) -> Response:
        profile = self._officer.profile()
        if profile is None:
            return RedirectResponse("/step/quality", 303)
        today = datetime.now(UTC).date()
        text = quality_page(profile, findings(profile), forecast(profile.strata), today, "both")
        return HTMLResponse(text)

    def prepare_facts(self) -> dict[str, Any]:
        officer = self._officer
        job = officer.job_of("prepare")
        workspace = Workspace(officer.session(network=False))
        found, changes, rules = None, None, []
        path = workspace.prepared_path(officer.dataset, officer.generation)
        if path.exists():
            prepared = PreparedDataset(path)
            found = prepared.reconciliation()
            changes = prepared.changes() if officer.generation else None
            rules = [
                (each.outcome == KEPT, explain(each.rule), each.rows)
                for each in summary(prepared).rules
            ]
        officer.require_source()
        return {
            "found": found,
            "changes": changes,
            "rules": rules,
            "job": job,
        }

    def refused(self, request: Request) -> Response:
        """Which rows, by number and rule; no cell of them."""
        officer = self._officer
        try:
            prepared = Workspace(officer.session(network=False)).latest(officer.dataset)
        except PadanError as error:
            return self._frame.refused(request, error, self._frame.address("prepare"))
        name = f"{officer.dataset}-refused.csv"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(b"".join(refused_lines(prepared)), media_type="text/csv", headers=headers)

    def prepare(self, request: Request, suppress: UploadFile | None = None) -> Response:
        """The first rows; once they were sent, what changed in them."""
        officer = self._officer
        # The upload ends with this request, and the work goes on after it.
        listed = suppress is not None and bool(suppress.filename)
        ids = BytesIO(suppress.file.read()) if suppress is not None and listed else None

        def work(advance: Advance) -> Words:
            workspace = Workspace(officer.session())
            if not officer.mapping_path.exists():
                officer.save_mapping(officer.mapping())
            freeze = freeze_delta if officer.generation else freeze_dataset
            source, mapping = officer.require_source(), officer.mapping_path
            with officer.lent(ids) as left_out:
                prepared, unknown = freeze(
                    workspace, officer.dataset, source, mapping, left_out, advance
                )
            people = number(prepared.reconciliation().people)
            missed = Words(
                f" {unknown} id di daftar itu tidak ada di {officer.dataset}: periksa daftarnya.",
                f" {unknown} ids of the list are not in {officer.dataset}: check the list.",
            )
            return Words(
                f"{people.id} orang disiapkan.{missed.id if unknown else ''}",
                f"{people.en} people prepared.{missed.en if unknown else ''}",
            )

        return self._frame.start(
            request, "prepare", Words("Menyiapkan baris", "Preparing rows"), None, work
        )


def unlike(found: Inspection, dataset: Dataset) -> Words | None:
    """The file looks like another source than the charter's: it may be the wrong one."""
    layout = None if found.fit is None else found.fit.layout
    known = None if layout is None else layout.source
    if layout is None or known in (None, "other", dataset.source) or dataset.source == "other":
        return None
    return Words(
        f"Berkas ini tampak seperti {layout.title.id}, sedangkan {dataset.id} menurut piagam adalah"
        f" {dataset.title.id}. Pastikan berkasnya benar.",
        f"This file looks like {layout.title.en}, but by the charter {dataset.id} is"
        f" {dataset.title.en}. Make sure that it is the right file.",
    )


def _label(field: LinkageField) -> Words:
    return _SECOND_NAMES.get(field.name, FIELD_NAMES[field.kind])


def record_id_of(choice: str, before: RecordId) -> RecordId:
    """What an officer's choice maps; an id of several columns stays as it was."""
    return before if choice == _JOINED else choice or None


def source_of(choice: str, before: FieldSource) -> FieldSource:
    """What an officer's choice maps; what is made of several columns stays as it was."""
    if choice == _JOINED:
        return before
    for book in _BOOKS:
        start = _CODED.format(book, "")
        if choice.startswith(start):
            return CodeColumn(code=choice.removeprefix(start), codebook=book)
    return choice or None


def _chosen(mapping: Mapping, field: str) -> tuple[str, str]:
    """The value of a field's choice, and what it says if it is made of several columns."""
    source = mapping.fields.get(field)
    if source is None or isinstance(source, str):
        return source or "", ""
    if isinstance(source, CodeColumn):
        return _CODED.format(source.codebook, source.code), ""
    return _JOINED, " + ".join(source.columns())
