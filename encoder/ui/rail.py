"""All steps with what is done and when, and the sentence on what is next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from encoder.steps.next_acts import Act, acts_here
from encoder.steps.workspace import Workspace
from encoder.steps.written_lists import written
from encoder.ui.chosen import state_of
from encoder.ui.officer import Officer
from encoder.ui.steps import PAGE_OF, STEPS
from policy.approval.charters import waiting
from policy.base.errors import PadanError
from policy.base.words import Words
from policy.project import Project, sealed_of
from policy.project.naming import offices
from policy.statements import Accepted, Body, CharterBody, Confirmed, Decided, EpochOpened
from policy.terminal.local_page.rail import RailStep, UpNext
from policy.wire.due import due
from policy.wire.session import Session

_NANOSECONDS = 1_000_000_000
_BEGIN = Words("Pilih proyek dan sumber data.", "Choose a project and a dataset.")
_AGREE = Words(
    "Giliran Anda: baca piagam, lalu tanda tangani.",
    "Your turn: read the charter, then sign it.",
)
_NO_CHARTER = Words("Piagam belum diajukan.", "No charter has been proposed yet.")
_ENDED = Words(
    "Tidak ada yang menunggu: semua langkah selesai.", "Nothing waits: all steps are done."
)

_OPEN = Words("Buka", "Open")


def rail(officer: Officer) -> tuple[RailStep, ...]:
    """All steps; those done have their time (Unix seconds), if the log or a file tells it."""
    try:
        done = _done(officer)
    except PadanError:
        done = {}
    return tuple(
        RailStep(name, title, f"/step/{name}", number, name in done, done.get(name))
        for number, (name, title) in enumerate(STEPS, start=1)
    )


def up_next(officer: Officer) -> UpNext:
    """This person's next step, else whom the project waits for."""
    try:
        session = officer.latest()
    except PadanError:
        return UpNext(_BEGIN, "/step/project")
    if not session.project.of(CharterBody):
        return _before_charter(session)
    mine = acts_here(session)
    if mine:
        said = act_words(session, mine[0])
        sentence = Words(f"Giliran Anda: {said.id}.", f"Your turn: {said.en}.")
        return UpNext(sentence, address_of(officer, mine[0]))
    naming = offices(session.project)
    ready = _list_to_fetch(officer, session)
    if ready is not None:
        return ready
    awaited = (replace(turn, since=None).words(naming) for turn in due(session))
    return UpNext(next(awaited, _ENDED))


def _list_to_fetch(officer: Officer, session: Session) -> UpNext | None:
    """The list of the latest release that was opened here, until a list was saved since."""
    project, workspace = session.project, Workspace(session)
    learning = {dataset for domain in project.charter.domains for dataset in domain.learn}
    saved = max((e.at for e in written(workspace.folder) if e.kind == "people"), default=0)
    for dataset in workspace.own_datasets():
        opened = [each.at for each in _receipts(project, session.me.member.id, dataset)]
        if dataset in learning and opened and max(opened) > saved:
            title = offices(project).dataset(dataset)
            sentence = Words(
                f"Daftar Anda siap: {title.id}, pada langkah Hasil.",
                f"Your list is ready: {title.en}, in the step Results.",
            )
            address = "/step/results" if dataset == officer.dataset else "/step/project"
            return UpNext(sentence, address, _OPEN)
    return None


def _before_charter(session: Session) -> UpNext:
    """Before anybody has signed the charter: this person may be a party that signs it."""
    if waiting(session):
        return UpNext(_AGREE, f"/charter/{session.project_id}")
    return UpNext(_NO_CHARTER)


def act_words(session: Session, act: Act) -> Words:
    """A step with the title of the dataset that it is about, if it is about one."""
    return _named(session, act, Act(act.name).title)


def done_words(session: Session, act: Act) -> Words:
    """As `act_words`, of a step that was taken."""
    return _named(session, act, Act(act.name).done)


def _named(session: Session, act: Act, words: Words) -> Words:
    named = offices(session.project).dataset(act.about)
    return Words(f"{words.id}: {named.id}", f"{words.en}: {named.en}") if act.about else words


def address_of(officer: Officer, act: Act) -> str:
    """The page where the step is taken: before rows are prepared, the one that is still open."""
    if act.name == "sign":
        return f"/charter/{officer.project_id}"
    if act.name == "prepare" and act.about == officer.dataset:
        done = _of_file(officer)
        missing = (name for name in ("file", "columns", "quality") if name not in done)
        return f"/step/{next(missing, 'prepare')}"
    return f"/step/{PAGE_OF.get(act.name, 'status')}"


def _done(officer: Officer) -> dict[str, int | None]:
    if not officer.project_id:
        return {}
    session = officer.latest()
    return {**_of_file(officer), **_of_machine(officer, session), **_of_log(officer, session)}


def _of_machine(officer: Officer, session: Session) -> dict[str, int | None]:
    """Steps 5 and 7: what was prepared and encoded here last."""
    workspace, done = Workspace(session), dict[str, int | None]()
    generation = officer.preparing(workspace)
    prepared = workspace.prepared_path(officer.dataset, generation)
    if prepared.exists():
        done["prepare"] = _changed(prepared)
    bundle = workspace.bundle(officer.dataset, generation)
    if bundle.complete():
        done["encode"] = _changed(bundle.manifest)
    return done


def _of_log(officer: Officer, session: Session) -> dict[str, int | None]:
    """What the log says of this agency and this dataset."""
    project, me, dataset = session.project, session.me.member.id, officer.dataset
    sent = [e.body for e in project.of(Accepted) if _about(project, e.body) == dataset]
    waits = officer.preparing(Workspace(session)) == officer.generation
    said: dict[str, list[Body]] = {
        "project": [e.body for e in project.of(EpochOpened)],
        "keys": [e.body for e in project.of(Confirmed) if e.sender == me],
        "upload": [] if waits else list(sent),
        "status": [e.body for e in project.of(Decided)],
        "results": _receipts(project, me, dataset),
    }
    return {name: max(each.at for each in bodies) for name, bodies in said.items() if bodies}


def _about(project: Project, accepted: Accepted) -> str:
    return sealed_of(project.entry(accepted.bundle)).dataset


def _receipts(project: Project, me: str, dataset: str) -> list[Body]:
    """The answers of this agency on the latest release of this dataset, once it opened all."""
    mine = [
        each
        for decided in project.released()[-1:]
        for each in project.release(decided.body.release).released_files
        if (each.file.recipient, each.file.dataset) == (me, dataset)
    ]
    if not all(each.is_opened for each in mine):
        return []
    return [each.received for each in mine if each.received is not None]


def _of_file(officer: Officer) -> dict[str, int | None]:
    """Steps 2 to 4."""
    chosen, done = officer.chosen, dict[str, int | None]()
    if chosen is None or chosen.asks_sheet:
        return done
    done["file"] = _changed(officer.folder / f"{officer.dataset}.source")
    if chosen.mapping:
        done["columns"] = _changed(officer.folder / chosen.mapping)
    if chosen.checked:
        done["quality"] = chosen.checked
    return done


def _changed(path: Path) -> int:
    return state_of(path)[1] // _NANOSECONDS
