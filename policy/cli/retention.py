"""`padan-policy retention|hold|lift-hold`: what is due for destruction, and what stops it."""

from __future__ import annotations

import time
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer
from pydantic import TypeAdapter, ValidationError
from rich.table import Table

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.gates.rules.case import day_of
from policy.retention import STATES, THINGS, HeldBy, Item, holds, schedule
from policy.statements import Hold, HoldLifted, PartyThing, ServiceThing, Thing
from policy.statements.body import Reference
from policy.terminal import console
from policy.terminal.arguments import ProjectId
from policy.wire.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable


def register(app: typer.Typer) -> None:
    app.command()(retention)
    app.command()(hold)
    app.command("lift-hold")(lift_hold)


def retention(project: ProjectId) -> None:
    """Kalender pemusnahan: apa, milik siapa, kapan / what is to be destroyed, whose, when."""
    session = Session(console.unlocked(), project)
    state, today = session.sync(), day_of(int(time.time()))
    items = schedule(state, today)
    placed = holds(state)
    console.result(
        {
            "project": project,
            "jra": state.charter.retention.jra,
            "today": today.isoformat(),
            "items": [as_json(item) for item in items],
            "holds": [_hold_json(each, today) for each in placed],
        }
    )
    if not console.options.json:
        print_items(items)
        for each in placed:
            console.out.print(str(_hold_words(each, today)), markup=False)


def hold(
    project: ProjectId,
    basis: Annotated[str, typer.Option(help="Nomor surat atau putusan / letter or ruling")],
    what: Annotated[
        list[str] | None, typer.Option(help="Hanya ini; semua bila kosong / only this, else all")
    ] = None,
    owner: Annotated[
        list[str] | None, typer.Option(help="Hanya milik anggota ini / only this member's")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Hari terakhir / last day")
    ] = None,
) -> None:
    """Tangguhkan pemusnahan (DPO, auditor, otoritas) / a legal hold stops destruction."""
    session = Session(console.unlocked(), project)
    session.sync()
    body = Hold(
        at=int(time.time()),
        basis=_reference(basis),
        scope=things(what or []),
        owners=tuple(owner or ()),
        until=until.date() if until else None,
    )
    digest = session.say(body)
    placed = next(each for each in holds(session.project) if each.entry.digest == digest)
    console.result(
        {"hold": digest, "last": placed.last.isoformat()},
        Words(
            f"Pemusnahan ditangguhkan sampai {placed.last}. Cabut dengan: padan-policy lift-hold"
            f" {project} {digest}",
            f"Destruction is on hold until {placed.last}. Lift it with: padan-policy lift-hold"
            f" {project} {digest}",
        ),
    )


def lift_hold(
    project: ProjectId,
    digest: Annotated[str, typer.Argument(metavar="HOLD", help="Sidik penangguhan / its digest")],
    reason: Annotated[str, typer.Option(help="Nomor surat atau putusan / letter or ruling")],
) -> None:
    """Cabut penangguhan / lift a hold."""
    session = Session(console.unlocked(), project)
    session.sync()
    session.project.entry(digest)
    session.say(HoldLifted(at=int(time.time()), hold=digest, reason=_reference(reason)))
    console.result({"lifted": digest}, Words("Penangguhan dicabut.", "The hold is lifted."))


def things(names: Iterable[str]) -> tuple[Thing, ...]:
    """Things by their names; raises BadInput for an unknown name."""
    known: tuple[Thing, ...] = (*get_args(ServiceThing), *get_args(PartyThing))
    wanted = tuple(dict.fromkeys(names))
    if not set(wanted) <= set(known):
        raise BadInput(
            PolicyCode.RETENTION_WHAT,
            Words("Jenis itu tidak dikenal.", "That kind of thing is not known."),
            Words(f"Yang ada: {', '.join(known)}.", f"There are: {', '.join(known)}."),
        )
    return tuple(thing for thing in known if thing in wanted)


def as_json(item: Item) -> dict[str, Any]:
    return {
        "owner": item.owner,
        "what": item.what,
        "due": item.due.isoformat(),
        "deadline": item.deadline.isoformat(),
        "state": item.state,
        "destroyed_on": item.attested_on.isoformat() if item.attested_on else None,
        "in_time": item.in_time if item.attested else None,
        "hold": item.hold.entry.digest if item.hold else None,
    }


def print_items(items: Iterable[Item]) -> None:
    """Prints a calendar, ordered by due day."""
    table = Table(
        str(Words("wajib mulai", "due from")),
        str(Words("paling lambat", "at the latest")),
        str(Words("milik", "owner")),
        str(Words("apa", "what")),
        str(Words("keadaan", "state")),
    )
    colours = {"due": "yellow", "overdue": "red", "held": "magenta", "destroyed": "green"}
    for item in sorted(items, key=lambda each: each.due):
        colour, state = colours.get(item.state, "default"), str(STATES[item.state])
        if item.attested_on:
            state += f" {item.attested_on}"
            state += "" if item.in_time else f" ({Words('terlambat', 'late')})"
        table.add_row(
            item.due.isoformat(),
            item.deadline.isoformat(),
            item.owner,
            f"{item.what} ({THINGS[item.what]})",
            f"[{colour}]{state}[/]",
        )
    console.out.print(table)


def _hold_json(held: HeldBy, today: date) -> dict[str, Any]:
    return {
        "hold": held.entry.digest,
        "by": held.entry.statement.sender,
        "basis": held.body.basis,
        "scope": list(held.body.scope),
        "owners": list(held.body.owners),
        "first": held.first.isoformat(),
        "last": held.last.isoformat(),
        "in_force": held.in_force(today),
    }


def _hold_words(held: HeldBy, today: date) -> Words:
    by, basis, digest = held.entry.statement.sender, held.body.basis, held.entry.digest
    scope = ", ".join(held.body.scope)
    what = Words(scope or "semua", scope or "everything")
    state = Words("berlaku sampai", "in force until")
    if not held.in_force(today):
        state = Words("berakhir", "ended")
    return Words(
        f"Penangguhan {digest} oleh {by} ({basis}): {what.id}, {state.id} {held.last}.",
        f"Hold {digest} by {by} ({basis}): {what.en}, {state.en} {held.last}.",
    )


def _reference(text: str) -> str:
    """The number of a letter or ruling; numbers of people must not enter the log."""
    try:
        return TypeAdapter(Reference).validate_python(text)
    except ValidationError:
        raise BadInput(
            PolicyCode.RETENTION_REFERENCE,
            Words(
                "Rujukan 3 sampai 300 huruf, tanpa deretan angka sepanjang 9 atau lebih.",
                "A reference has 3 to 300 characters and no run of 9 or more digits.",
            ),
            Words("Tulis nomor surat atau putusannya.", "Give the letter's or ruling's number."),
        ) from None
