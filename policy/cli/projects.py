"""`padan-policy projects`: the projects of this home, and whose turn it is in each."""

from __future__ import annotations

from typing import Any

import typer
from rich.markup import escape
from rich.table import Table

from policy.base.canonical import is_identifier
from policy.base.errors import PadanError, Unreachable
from policy.base.words import Words
from policy.formats.http_api import PROJECTS
from policy.members.home import Unlocked
from policy.statements import CharterBody
from policy.terminal import console
from policy.wire.due import due
from policy.wire.session import Session

_HEADS = (
    Words("proyek", "project"),
    Words("nama", "title"),
    Words("berlaku sampai", "valid until"),
    Words("giliran Anda", "your turn"),
    Words("ditunggu", "awaited"),
)
_LISTED = ""  # no project: for the service's own list

_COPIES = Words(
    "Layanan tidak dapat dihubungi; dipakai salinan sendiri. Sesudah itu mungkin ada yang berubah.",
    "The service cannot be reached; your own copies are used. More may have happened since.",
)


def register(app: typer.Typer) -> None:
    app.command()(projects)


def projects() -> None:
    """Proyek di folder rumah ini, dan giliran siapa / this home's projects, and whose turn it is.

    Layanan ditanya; bila tidak terhubung, dipakai salinan sendiri
    / the service is asked; if it does not answer, your own copies are used.
    """
    me = console.unlocked()
    names, reached = _names(me)
    if not reached:
        console.say(_COPIES)
    found = [_project(me, each, reached=reached) for each in names]
    if console.options.json:
        console.result({"projects": found})
        return
    if not found:
        console.result({}, Words("Belum ada proyek di sini.", "There is no project here yet."))
        return
    table = Table(*map(str, _HEADS))
    for each in found:
        cells = (each["project"], each["title"], each["until"], each["mine"], each["others"])
        table.add_row(*(escape(", ".join(c) if isinstance(c, list) else str(c)) for c in cells))
    console.out.print(table)


def _names(me: Unlocked) -> tuple[list[str], bool]:
    """Projects of which there is a copy here, and those that the service lets this member read.

    Also whether the service answered.
    """
    names = {
        folder.parent.name
        for folder in (me.home.path / "projects").glob("*/log")
        if is_identifier(folder.parent.name)
    }
    try:
        names |= set(PROJECTS.validate_json(Session(me, _LISTED).get("/projects")))
    except Unreachable:
        return sorted(names), False
    return sorted(names), True


def _project(me: Unlocked, name: str, *, reached: bool) -> dict[str, Any]:
    session = Session(me, name)
    told: dict[str, Any] = {"project": name, "title": "", "until": "", "mine": [], "others": []}
    try:
        told["reached"] = reached and session.sync_or_recall()
        if not reached:
            session.recall()
    except PadanError as error:
        return {**told, "reached": False, "error": error.code}
    if not session.project.of(CharterBody):
        return told
    charter, turns = session.charter, due(session)
    mine = [each for each in turns if me.member.id in each.who]
    others = [each for each in turns if me.member.id not in each.who]
    return {
        **told,
        "title": str(charter.title.words()),
        "until": charter.valid_until.isoformat(),
        "mine": [f"{each.title} {each.about}".strip() for each in mine],
        "others": [f"{', '.join(each.who)}: {each.title} {each.about}".strip() for each in others],
    }
