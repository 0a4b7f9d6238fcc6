"""`padan-encoder subject|tickets`: answer a person who asks about one record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from encoder.error_codes import EncoderCode
from policy.base.output import PAPER, Output
from policy.base.words import Words
from policy.terminal import console
from policy.terminal.arguments import ProjectId
from policy.terminal.commands import output_option

if TYPE_CHECKING:
    from datetime import datetime

    from encoder.data_subject.actions import Action
    from encoder.data_subject.tickets import Ticket
    from encoder.data_subject.trace import NotFound, Trace
    from policy.charter import Ground
    from policy.papers.rights import Right


def register(app: typer.Typer) -> None:
    app.command()(subject)
    app.command()(tickets)


def subject(
    project: ProjectId,
    record_id: Annotated[
        str, typer.Option(prompt="record_id", help="Id lokal; ditanyakan bila kosong / own id")
    ],
    right: Annotated[
        str,
        typer.Option(
            help="access | correct | restrict | object | withdraw (UU PDP Ps. 7, 6, 11, 10, 9)"
        ),
    ] = "access",
    received: Annotated[
        str | None, typer.Option(help="Diterima, 2026-11-25T08:00+07:00; kini bila kosong / now")
    ] = None,
    out: Annotated[
        Output | None,
        output_option(help="Jejak untuk pemohon, .html .md .json / trace to hand out", form=PAPER),
    ] = None,
) -> None:
    """Telusuri satu catatan, catat permintaannya / trace one record, open a ticket."""
    from datetime import UTC, datetime

    from encoder.data_subject.actions import actions
    from encoder.data_subject.handout import handout
    from encoder.data_subject.trace import Trace, trace
    from encoder.steps.workspace import Workspace
    from policy.base.dates import read_moment
    from policy.base.words import current_language
    from policy.papers.reading import read_replay
    from policy.papers.render import writer_for
    from policy.wire.session import Session

    now = datetime.now(UTC)
    writer = writer_for(out.path) if out else None
    session = Session(console.unlocked(), project)
    console.bring_up_to_date(session)
    workspace = Workspace(session)
    wanted = _right(right, session.charter.lawful_basis.ground)
    store = _tickets(workspace.folder)
    looked = tuple(trace(workspace, record_id.strip()))
    found = [each for each in looked if isinstance(each, Trace)]
    ticket = store.open(
        project,
        record_id.strip(),
        wanted,
        read_moment(received) if received else now,
        {each.dataset: len(each.rows) for each in found},
    )
    todo = actions(session.charter, wanted, found, store.ids_file(ticket.number))
    if out and writer:
        reading = read_replay(session.replay, session.replica().cosigned_sizes())
        paper = handout(reading, now, ticket, looked)
        out.write(writer(paper, current_language()).encode(), private=True)
    _show(ticket, looked, todo, now, out)


def tickets(
    project: ProjectId,
    done: Annotated[
        int | None, typer.Option(help="Nomor permintaan yang sudah dijawab / answered request")
    ] = None,
    forget_before: Annotated[
        str | None,
        typer.Option(
            help="Hapus yang dijawab sebelum saat ini, 2026-11-25T08:00+07:00 / delete those"
            " answered before"
        ),
    ] = None,
) -> None:
    """Permintaan subjek data dan sisa waktunya / requests and the time left."""
    from datetime import UTC, datetime

    from policy.base.dates import read_moment
    from policy.papers.rights import name_of_right

    now = datetime.now(UTC)
    store = _tickets(console.home().project_folder(project))
    if done is not None:
        store.close(done, now)
    if forget_before is not None:
        gone = store.forget(read_moment(forget_before))
        console.say(Words(f"{gone} permintaan dihapus.", f"{gone} requests deleted."))
    everything = store.all()
    if console.options.json:
        console.result({"tickets": [_as_json(each, now) for each in everything]})
        return
    table = Table(*(str(each) for each in _COLUMNS))
    for each in everything:
        table.add_row(
            str(each.number),
            each.record_id,
            str(name_of_right(each.right)),
            f"{each.deadline.astimezone():%Y-%m-%d %H:%M}",
            str(_state(each, now)),
        )
    console.out.print(table)


_COLUMNS = (
    Words("nomor", "number"),
    Words("id catatan", "record id"),
    Words("hak", "right"),
    Words("batas waktu", "deadline"),
    Words("keadaan", "state"),
)


def _tickets(folder: Path) -> Any:
    from encoder.data_subject.tickets import Tickets

    return Tickets(folder / "tickets")


def _right(text: str, ground: Ground) -> Right:
    """The right named by `text`; raises BadInput if this legal basis does not give it."""
    from policy.base.errors import BadInput
    from policy.papers.rights import rights_under

    rights = rights_under(ground)
    for right in rights:
        if text == right:
            return right
    names = ", ".join(rights)
    choose = Words(f"Pilih: {names}.", f"One of: {names}.")
    if text == "withdraw":
        raise BadInput(
            EncoderCode.SUBJECT_NO_CONSENT,
            Words(
                "Pemrosesan ini tidak berdasarkan persetujuan; tidak ada yang dapat ditarik.",
                "This processing does not rest on consent; there is none to withdraw.",
            ),
            choose,
        )
    raise BadInput(
        EncoderCode.SUBJECT_RIGHT,
        Words("Hak ini tidak dikenal.", "This right is not known."),
        choose,
    )


def _state(ticket: Ticket, now: datetime) -> Words:
    from policy.base.dates import long_span

    if ticket.done:
        late = ticket.done > ticket.deadline
        return Words("dijawab terlambat", "answered late") if late else Words("dijawab", "answered")
    span = long_span(ticket.deadline - now)
    if now > ticket.deadline:
        return Words(f"TERLAMPAUI {span.id}", f"OVERDUE by {span.en}")
    return Words(f"sisa {span.id}", f"{span.en} left")


def _as_json(ticket: Ticket, now: datetime) -> dict[str, Any]:
    state = _state(ticket, now)
    return {
        **ticket.model_dump(mode="json"),
        "deadline": ticket.deadline.isoformat(),
        "state": {"id": state.id, "en": state.en},
    }


def _show(
    ticket: Ticket,
    looked: tuple[Trace | NotFound, ...],
    todo: tuple[Action, ...],
    now: datetime,
    out: Output | None,
) -> None:
    from encoder.data_subject.trace import Trace

    if console.options.json:
        console.result(
            {
                "ticket": _as_json(ticket, now),
                "datasets": [_found_json(each) for each in looked],
                "actions": [
                    {
                        "dataset": action.dataset,
                        "what": {"id": action.what.id, "en": action.what.en},
                        "command": action.command,
                    }
                    for action in todo
                ],
                "file": str(out) if out else None,
            }
        )
        return
    state = _state(ticket, now)
    console.out.print(
        str(
            Words(
                f"Permintaan {ticket.number}: {state.id}.", f"Request {ticket.number}: {state.en}."
            )
        ),
        style="bold",
        markup=False,
    )
    for each in looked:
        if isinstance(each, Trace):
            matching = (own.released.release for own in each.own if own.tells_match)
            matched = list(dict.fromkeys(release.name for release in matching))
            rows, releases = ", ".join(map(str, each.rows)), ", ".join(matched) or "-"
            others = ", ".join(map(str, each.same_person))
            words = Words(
                f"{each.dataset}: baris {rows}; padan dalam rilis: {releases}"
                + (f"; orang yang sama di baris {others}" if others else ""),
                f"{each.dataset}: row {rows}; matched in releases: {releases}"
                + (f"; the same person on row {others}" if others else ""),
            )
        else:
            words = Words(f"{each.dataset}: {each.why.id}", f"{each.dataset}: {each.why.en}")
        console.out.print(str(words), markup=False)
    for step, action in enumerate(todo, start=1):
        console.out.print(f"{step}. [{action.dataset}] {action.what}", markup=False)
        if action.command:
            console.out.print(f"   {action.command}", markup=False)
    if out:
        console.out.print(str(Words(f"{out} ditulis.", f"{out} written.")), markup=False)


def _found_json(each: Trace | NotFound) -> dict[str, Any]:
    from encoder.data_subject.trace import NotFound

    if isinstance(each, NotFound):
        return {"dataset": each.dataset, "rows": [], "why": {"id": each.why.id, "en": each.why.en}}
    return {
        "dataset": each.dataset,
        "rows": list(each.rows),
        "same_person": list(each.same_person),
        "people": each.people,
        "handles": [handle.hex() for handle in each.handles],
        "sent": each.accepted,
        "stands": each.stands,
        "runs": list(each.runs),
        "releases": [
            {
                "release": own.released.release.name,
                "domain": own.released.file.domain,
                "form": own.released.file.form,
                "has_id": own.has_id,
            }
            for own in each.own
        ],
        "other_recipients": sorted({other.file.recipient for other in each.others}),
    }
