"""The pages, one for each step; what they do is what the commands do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from encoder.bundle import encode_dataset, upload_bundle
from encoder.ceremony import agreed_keys, commit_share, confirm_keys, reveal_share
from encoder.freeze import freeze_dataset
from encoder.inspect import Inspection
from encoder.mapping import Mapping
from encoder.opening import is_opened, open_all, opened_before
from encoder.people import write_people
from encoder.quality import findings, forecast
from encoder.quality.page import page as quality_page
from encoder.quality.table import SEVERITY
from encoder.readers.rules import explain
from encoder.ui.jobs import Advance
from encoder.ui.officer import Officer
from encoder.workspace import Workspace
from policy.errors import PadanError
from policy.progress import steps_done
from policy.project import body_of
from policy.statements import Committed, Confirmed, Decided, Revealed
from policy.words import Language, Words

LANGUAGE_COOKIE = "padan-lang"
STEPS: tuple[tuple[str, Words], ...] = (
    ("project", Words("Proyek", "Project")),
    ("file", Words("Berkas", "File")),
    ("columns", Words("Kolom", "Columns")),
    ("quality", Words("Mutu", "Quality")),
    ("prepare", Words("Siapkan", "Prepare")),
    ("keys", Words("Kunci", "Keys")),
    ("encode", Words("Sandikan", "Encode")),
    ("upload", Words("Kirim", "Upload")),
    ("status", Words("Keadaan", "Status")),
    ("results", Words("Hasil", "Results")),
)
FIELD_NAMES = {
    "name": Words("nama", "name"),
    "date": Words("tanggal lahir", "date of birth"),
    "sex": Words("jenis kelamin", "sex"),
    "place": Words("kelurahan/desa", "village"),
    "nik": Words("NIK", "NIK"),
    "kk": Words("nomor KK", "family card"),
    "rtrw": Words("RT/RW", "RT/RW"),
    "address": Words("alamat", "address"),
    "digits": Words("angka", "digits"),
    "text": Words("teks", "text"),
}


class Pages:
    """The routes of one officer's page."""

    def __init__(self, officer: Officer, stop: Callable[[], None]) -> None:
        self._officer, self._stop = officer, stop
        self._templates = Environment(
            loader=PackageLoader("encoder.ui"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.router = APIRouter()
        self._add("GET", "/", self._first)
        self._add("GET", "/language/{language}", self._language)
        self._add("GET", "/unlock", self._locked)
        self._add("POST", "/unlock", self._unlock)
        self._add("GET", "/step/{step}", self._step)
        self._add("POST", "/project", self._choose)
        self._add("POST", "/file", self._file)
        self._add("POST", "/columns", self._columns)
        self._add("POST", "/quality", self._quality)
        self._add("GET", "/quality/report", self._report)
        self._add("POST", "/prepare", self._prepare)
        self._add("POST", "/keys/{action}", self._keys)
        self._add("POST", "/encode", self._encode)
        self._add("POST", "/upload", self._upload)
        self._add("POST", "/results/{release}/open", self._open)
        self._add("GET", "/results/{release}/list.csv", self._list)
        self._add("GET", "/job", self._job)
        self._add("POST", "/job/cancel", self._cancel)
        self._add("POST", "/stop", self._stop_page)
        self._add("GET", "/static/{name}", self._static)

    def _add(self, method: str, path: str, endpoint: Callable[..., Any]) -> None:
        self.router.add_api_route(
            path, endpoint, methods=[method], response_model=None, include_in_schema=False
        )

    # -- showing ------------------------------------------------------------------------

    def _show(self, request: Request, name: str, status: int = 200, **values: Any) -> Response:
        language: Language = "en" if request.cookies.get(LANGUAGE_COOKIE) == "en" else "id"
        officer = self._officer

        def t(indonesian: str | Words, english: str = "") -> str:
            words = indonesian if isinstance(indonesian, Words) else Words(indonesian, english)
            return words.in_language(language)

        text = self._templates.get_template(f"{name}.html").render(
            t=t,
            language=language,
            path=request.url.path,
            officer=officer,
            steps=STEPS,
            here=name,
            error=values.pop("error", None),
            **values,
        )
        return HTMLResponse(text, status)

    def _guarded(
        self, request: Request, name: str, values: Callable[[], dict[str, Any]]
    ) -> Response:
        """A page whose facts may be missing: then the reason stands on it."""
        try:
            return self._show(request, name, **values())
        except PadanError as error:
            return self._show(request, "error", 409, error=error, step=name)

    def _do(self, request: Request, name: str, act: Callable[[], None], then: str) -> Response:
        try:
            act()
        except PadanError as error:
            return self._show(request, "error", 409, error=error, step=name)
        return RedirectResponse(then, 303)

    # -- access and language --------------------------------------------------------------

    def _first(self) -> Response:
        if self._officer.me is None:
            return RedirectResponse("/unlock", 303)
        return RedirectResponse("/step/project", 303)

    def _language(self, language: str, back: str = "/") -> Response:
        safe = back if back.startswith("/") and not back.startswith("//") else "/"
        response = RedirectResponse(safe, 303)
        chosen = "en" if language == "en" else "id"
        response.set_cookie(LANGUAGE_COOKIE, chosen, httponly=True, samesite="strict")
        return response

    def _locked(self, request: Request) -> Response:
        return self._guarded(request, "unlock", lambda: {"member": self._officer.home.member()})

    def _unlock(self, request: Request, passphrase: Annotated[str, Form()] = "") -> Response:
        return self._do(
            request, "unlock", lambda: self._officer.unlock(passphrase.encode()), "/step/project"
        )

    # -- steps ----------------------------------------------------------------------------

    def _step(self, request: Request, step: str) -> Response:
        if self._officer.me is None:
            return RedirectResponse("/unlock", 303)
        facts = {
            "project": self._project_facts,
            "file": self._file_facts,
            "columns": self._column_facts,
            "quality": self._quality_facts,
            "prepare": self._prepare_facts,
            "keys": self._key_facts,
            "encode": self._encode_facts,
            "upload": self._upload_facts,
            "status": self._status_facts,
            "results": self._result_facts,
        }.get(step)
        if facts is None:
            return RedirectResponse("/", 303)
        return self._guarded(request, step, facts)

    def _project_facts(self) -> dict[str, Any]:
        officer = self._officer
        title: Any = None
        own: tuple[str, ...] = ()
        if officer.project_id:
            session = officer.session(network=False)
            title, own = session.charter.title, Workspace(session).own_datasets()
        return {"title": title, "own": own, "member": officer.home.member()}

    def _choose(
        self,
        request: Request,
        project: Annotated[str, Form()],
        dataset: Annotated[str, Form()] = "",
    ) -> Response:
        return self._do(
            request,
            "project",
            lambda: self._officer.choose(project.strip(), dataset),
            "/step/file" if dataset else "/step/project",
        )

    def _file_facts(self) -> dict[str, Any]:
        self._officer.session(network=False)
        return {}

    def _file(
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

        return self._do(request, "file", act, "/step/columns")

    def _column_facts(self) -> dict[str, Any]:
        found: Inspection = self._officer.inspection()
        mapping = self._officer.mapping()
        charter = self._officer.session(network=False).charter
        unread = {each.column for each in found.payload}
        return {
            "found": found,
            "mapping": mapping,
            "fields": [
                (each.name, FIELD_NAMES[each.kind], _chosen(mapping, each.name))
                for each in charter.fields
            ],
            "choices": [column for column in found.columns if column and column not in unread],
            "rules": [(seen, explain(seen.rule)) for seen in found.sample.rules],
        }

    async def _columns(self, request: Request) -> Response:
        form = await request.form()

        def act() -> None:
            mapping = self._officer.mapping()
            fields = {
                name: mapping.fields.get(name) if value == _JOINED else (value or None)
                for name, value in (
                    (field, str(form.get(f"field-{field}", ""))) for field in mapping.fields
                )
            }
            changed: dict[str, Any] = {
                "fields": fields,
                "record_id": str(form.get("record_id", "")) or None,
                "damaged_identifiers": "drop" if form.get("drop") else "refuse",
            }
            self._officer.save_mapping(Mapping.model_validate({**mapping.model_dump(), **changed}))
            self._officer.check_quality()

        return self._do(request, "columns", act, "/step/quality")

    def _quality_facts(self) -> dict[str, Any]:
        profile = self._officer.profile()
        found = findings(profile) if profile is not None else ()
        job = self._officer.job_of("quality")
        return {"profile": profile, "findings": found, "severity": SEVERITY, "job": job}

    def _quality(self, request: Request) -> Response:
        return self._do(request, "quality", self._officer.check_quality, "/step/quality")

    def _report(self) -> Response:
        profile = self._officer.profile()
        if profile is None:
            return RedirectResponse("/step/quality", 303)
        today = datetime.now(UTC).date()
        text = quality_page(profile, findings(profile), forecast(profile.strata), today, "both")
        return HTMLResponse(text)

    def _prepare_facts(self) -> dict[str, Any]:
        workspace = Workspace(self._officer.session(network=False))
        path = workspace.prepared_path(self._officer.dataset)
        found, rules = None, []
        if path.exists():
            found = workspace.prepared(self._officer.dataset).reconciliation()
            rules = [(explain(rule), count) for rule, count in sorted(found.refused.items())]
        self._officer.require_source()
        return {"found": found, "rules": rules, "job": self._officer.job_of("prepare")}

    def _prepare(self, request: Request, suppress: Annotated[str, Form()] = "") -> Response:
        officer = self._officer

        def work(advance: Advance) -> Words:
            workspace = Workspace(officer.session())
            if not officer.mapping_path.exists():
                officer.save_mapping(officer.mapping())
            left_out = Path(suppress.strip()).expanduser() if suppress.strip() else None
            source = officer.require_source()
            prepared = freeze_dataset(
                workspace, officer.dataset, source, officer.mapping_path, left_out, advance
            )
            people = prepared.reconciliation().people
            return Words(f"{people:,} orang disiapkan.", f"{people:,} people prepared.")

        return self._start(
            request, "prepare", Words("Menyiapkan baris", "Preparing rows"), None, work
        )

    def _start(
        self,
        request: Request,
        step: str,
        title: Words,
        total: int | None,
        work: Callable[[Advance], Words],
    ) -> Response:
        return self._do(
            request, step, lambda: self._officer.work(step, title, total, work), f"/step/{step}"
        )

    def _key_facts(self) -> dict[str, Any]:
        session = self._officer.session()
        state, me = session.project, session.me.member.id
        steps = []
        for action, kind, title in (
            ("commit", Committed, Words("Komitmen", "Commit")),
            ("reveal", Revealed, Words("Buka bagian rahasia", "Reveal the share")),
            ("confirm", Confirmed, Words("Konfirmasi kunci", "Confirm the keys")),
        ):
            done = {entry.statement.sender for entry in state.of(kind)}
            waiting = sorted(set(state.charter.party_ids) - done)
            steps.append((action, title, me in done, waiting))
        return {"ceremony": steps}

    def _keys(self, request: Request, action: str) -> Response:
        act = {"commit": commit_share, "reveal": reveal_share, "confirm": confirm_keys}.get(action)

        def take() -> None:
            if act is not None:
                act(self._officer.session())

        return self._do(request, "keys", take, "/step/keys")

    def _encode_facts(self) -> dict[str, Any]:
        workspace = Workspace(self._officer.session(network=False))
        done = workspace.bundle(self._officer.dataset).complete()
        return {"done": done, "job": self._officer.job_of("encode")}

    def _encode(self, request: Request) -> Response:
        officer = self._officer

        def work(advance: Advance) -> Words:
            session = officer.session()
            workspace = Workspace(session)
            folder, prepared = (
                workspace.bundle(officer.dataset),
                workspace.prepared(officer.dataset),
            )
            if not folder.complete():
                keys = agreed_keys(workspace)
                encode_dataset(session, keys, officer.dataset, prepared, folder, advance)
            return Words("Selesai disandikan dan disegel.", "Encoded and sealed.")

        total = _prepared_rows(officer)
        return self._start(request, "encode", Words("Menyandikan", "Encoding"), total, work)

    def _upload_facts(self) -> dict[str, Any]:
        session = self._officer.session()
        return {
            "done": self._officer.dataset in session.project.bundles(),
            "ready": Workspace(session).bundle(self._officer.dataset).complete(),
            "job": self._officer.job_of("upload"),
        }

    def _upload(self, request: Request) -> Response:
        officer = self._officer

        def work(advance: Advance) -> Words:
            session = officer.session()
            if officer.dataset not in session.project.bundles():
                upload_bundle(session, Workspace(session).bundle(officer.dataset), advance)
            return Words("Diterima layanan.", "Accepted by the service.")

        return self._start(
            request, "upload", Words("Mengirim", "Uploading"), _sealed_chunks(officer), work
        )

    def _status_facts(self) -> dict[str, Any]:
        session = self._officer.session()
        return {
            "title": session.charter.title,
            "rows": [(done, _STATUS[name], who) for done, name, who in steps_done(session.project)],
        }

    def _result_facts(self) -> dict[str, Any]:
        session = self._officer.session()
        releases = []
        for entry in session.project.of(Decided):
            decided = body_of(entry, Decided)
            released = decided.verdict == "released"
            opened = released and is_opened(session, decided.release, self._officer.dataset)
            reasons = [rule.rule for rule in decided.rules if not rule.passed]
            releases.append((decided.release, released, opened, reasons))
        return {"releases": releases}

    def _open(self, request: Request, release: str) -> Response:
        def act() -> None:
            for _ in open_all(self._officer.session(), release):
                pass

        return self._do(request, "results", act, "/step/results")

    def _list(self, request: Request, release: str) -> Response:
        officer = self._officer
        try:
            session = officer.session(network=False)
            workspace = Workspace(session)
            opened = opened_before(session, release, officer.dataset)
            out = officer.folder / f"{officer.dataset}-{release}.csv"
            write_people(workspace.prepared(officer.dataset), opened, out, ())
        except PadanError as error:
            return self._show(request, "error", 409, error=error, step="results")
        return FileResponse(out, media_type="text/csv", filename=out.name)

    # -- work and the end -------------------------------------------------------------------

    def _job(self, request: Request) -> Response:
        job = self._officer.job
        if job is None:
            return JSONResponse({"state": "none"})
        return JSONResponse({"state": job.state, "done": job.done, "total": job.total})

    def _cancel(self) -> Response:
        if self._officer.job is not None:
            self._officer.job.cancel()
        return RedirectResponse("/", 303)

    def _stop_page(self, request: Request) -> Response:
        self._stop()
        return self._show(request, "stopped")

    def _static(self, name: str) -> Response:
        kinds = {"page.css": "text/css", "page.js": "text/javascript"}
        if name not in kinds:
            return Response(status_code=404)
        content = (resources.files("encoder.ui") / "static" / name).read_bytes()
        return Response(content, media_type=kinds[name])


_JOINED = "(joined)"
_STATUS = {
    "charter": Words("Piagam ditandatangani", "Charter signed"),
    "commit": Words("Komitmen", "Committed"),
    "reveal": Words("Bagian rahasia dibuka", "Shares revealed"),
    "confirm": Words("Kunci dikonfirmasi", "Keys confirmed"),
    "bundle": Words("Data terkirim", "Data uploaded"),
    "run": Words("Pemadanan selesai", "Matched"),
    "decision": Words("Keputusan rilis", "Release decided"),
}


def _chosen(mapping: Mapping, field: str) -> tuple[str, str]:
    """The value of a field's choice, and what it says if it is made of several columns."""
    source = mapping.fields.get(field)
    if source is None or isinstance(source, str):
        return source or "", ""
    return _JOINED, " + ".join(source.columns())


def _sealed_chunks(officer: Officer) -> int | None:
    if officer.me is None or not officer.project_id:
        return None
    folder = Workspace(officer.session(network=False)).bundle(officer.dataset)
    return folder.stored().chunks if folder.complete() else None


def _prepared_rows(officer: Officer) -> int | None:
    if officer.me is None or not officer.project_id:
        return None
    workspace = Workspace(officer.session(network=False))
    if not workspace.prepared_path(officer.dataset).exists():
        return None
    return workspace.prepared(officer.dataset).reconciliation().people
