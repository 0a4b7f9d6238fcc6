"""`padan-encoder destroy`: destroy this agency's data of a project, and attest it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from encoder.error_codes import EncoderCode
from policy.base.errors import BadInput
from policy.base.output import Folder, Output
from policy.base.words import Words
from policy.terminal import console
from policy.terminal.arguments import ProjectId
from policy.terminal.commands import folder_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from encoder.steps.workspace import Workspace
    from policy.retention import Item
    from policy.statements import Thing
    from policy.wire.session import Session

_LISTS = {
    "unchanged": Words("masih ada", "still there"),
    "changed": Words("masih ada, berubah", "still there, changed"),
    "unfinished": Words("penulisannya terputus", "left by an interrupted writing"),
    "gone": Words("tidak ada lagi", "gone"),
}


def register(app: typer.Typer) -> None:
    app.command()(destroy)


def destroy(
    project: ProjectId,
    what: Annotated[
        list[str] | None,
        typer.Option(
            help="Hanya ini: prepared-rows, keys, handle-map, ..."
            " / these only: prepared-rows, keys, handle-map, ..."
        ),
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Semua yang jatuh tempo / everything that is due")
    ] = False,
    lists: Annotated[
        bool,
        typer.Option(
            "--lists",
            help="Hapus juga daftar di luar folder rumah"
            " / delete lists outside the home folder as well",
        ),
    ] = False,
    offline: Annotated[
        Folder | None,
        folder_option(
            help="Folder pernyataan pemusnahan, tanpa jaringan"
            " / folder of attestations to carry, offline"
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Jangan bertanya / do not ask")] = False,
) -> None:
    """Musnahkan milik sendiri dan nyatakan di log / destroy your own things and attest it.

    Tanpa --what atau --due hanya menampilkan / without --what or --due, only list them.
    """
    from encoder.steps.destroy import own_items, require_all_destroyable
    from encoder.steps.workspace import Workspace
    from policy.wire.session import Session

    session, at = Session(console.unlocked(), project), int(time.time())
    session.recall() if offline else session.sync()
    workspace = Workspace(session)
    items = own_items(workspace, at)
    things = _chosen(items, what or [], due=due)
    if not things:
        _show(workspace, items, due=due)
        return
    require_all_destroyable(workspace, things, at, with_lists=lists)
    carried = _carried(session, things, offline)  # refused before anything is destroyed
    _ask(things, yes=yes)
    for each in things:
        _destroy(workspace, each, at, lists=lists, out=carried.get(each))


def _chosen(items: Sequence[Item], what: list[str], *, due: bool) -> list[Thing]:
    from policy.cli.retention import things
    from policy.statements import PartyThing

    wanted = things(what)
    if not set(wanted) <= set(get_args(PartyThing)):
        raise BadInput(
            EncoderCode.DESTROY_NOT_HERE,
            Words("Itu disimpan layanan, bukan instansi.", "The service keeps that, no agency."),
            Words(
                f"Yang ada di sini: {', '.join(get_args(PartyThing))}.",
                f"Kept here: {', '.join(get_args(PartyThing))}.",
            ),
        )
    ended = {item.what for item in items if due and item.state in ("due", "overdue")}
    return [each for each in get_args(PartyThing) if each in ended or each in wanted]


def _show(workspace: Workspace, items: Sequence[Item], *, due: bool) -> None:
    from encoder.steps.written_lists import written
    from policy.cli.retention import as_json, print_items

    found = {each.path: each.standing() for each in written(workspace.folder)}
    console.result({"items": [as_json(item) for item in items], "lists": found, "destroyed": []})
    if console.options.json:
        return
    print_items(items)
    for path, standing in found.items():
        console.out.print(f"{path}: {_LISTS[standing]}", markup=False)
    if due:
        console.say(Words("Tidak ada yang jatuh tempo.", "Nothing is due."))
    else:
        hint = "padan-encoder destroy --due | --what ..."
        console.say(Words(f"Untuk memusnahkan: {hint}", f"To destroy: {hint}"))


def _ask(things: Sequence[Thing], *, yes: bool) -> None:
    from policy.retention import THINGS

    if yes:
        return
    if console.options.json:
        raise BadInput(
            EncoderCode.DESTROY_UNASKED,
            Words("Dengan --json tidak ada yang ditanyakan.", "With --json nothing is asked."),
            Words("Tambahkan --yes.", "Add --yes."),
        )
    named = Words(
        ", ".join(THINGS[each].id for each in things), ", ".join(THINGS[each].en for each in things)
    )
    question = Words(
        f"Musnahkan {named.id}? Tidak dapat dibatalkan.",
        f"Destroy {named.en}? This cannot be undone.",
    )
    typer.confirm(str(question), abort=True, err=True)


def _destroy(
    workspace: Workspace, what: Thing, at: int, *, lists: bool, out: Output | None
) -> None:
    from encoder.steps.destroy import destroy as destroy_thing
    from policy.retention import THINGS

    session, thing = workspace.session, THINGS[what]
    envelope = destroy_thing(workspace, what, at, with_lists=lists)
    digest = envelope.content_digest()
    if out is None:
        session.send(envelope)
        console.result(
            {"what": what, "attestation": digest},
            Words(f"Dimusnahkan dan dinyatakan: {thing.id}.", f"Destroyed, attested: {thing.en}."),
        )
        return
    out.write(envelope.canonical())
    console.result(
        {"what": what, "attestation": digest, "file": str(out)},
        Words(
            f"Dimusnahkan: {thing.id}. Bawa {out} ke komputer berjaringan, lalu 'padan-policy"
            " submit'.",
            f"Destroyed: {thing.en}. Carry {out} to a machine with a network, then 'padan-policy"
            " submit'.",
        ),
    )


def _carried(
    session: Session, things: Sequence[Thing], folder: Folder | None
) -> dict[Thing, Output]:
    """The files for the attestations; empty if they are sent at once."""
    if folder is None:
        return {}
    start = f"{session.project_id}-{session.me.member.id}"
    return {each: folder.file(f"{start}-{each}.json") for each in things}
