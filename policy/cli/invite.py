"""`padan-policy invite`: a file and a code for each person of a project's plan."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.files import read_file
from policy.base.output import Folder
from policy.base.words import Words, joined
from policy.charter import load_charter
from policy.joining.arriving import make_home
from policy.joining.code import short_codes
from policy.joining.folder import JoiningFolder
from policy.joining.gathering import Gathering
from policy.joining.invite import MAX_ANSWER_BYTES, open_answer
from policy.joining.inviting import invite_everybody, planned, require_inviter
from policy.joining.later import following
from policy.joining.plan import PLAN_FILE, Plan, PlannedPerson
from policy.members.home import Home, Unlocked
from policy.members.roster import Roster
from policy.terminal import console
from policy.terminal.commands import change_in_place, folder_option
from policy.terminal.comparing import show_people
from policy.terminal.passphrases import HOURS, KeepPassphrase, choose, new_passphrase

_HERE = Folder(Path())


def register(app: typer.Typer) -> None:
    app.command()(invite)


def invite(
    folder: Annotated[
        Path,
        typer.Argument(
            help=f"Folder proyek dengan charter.yaml dan {PLAN_FILE}"
            f" / project folder with charter.yaml and {PLAN_FILE}"
        ),
    ],
    service: Annotated[
        str | None,
        typer.Option(help="Alamat layanan, sekali saja / URL of the service, once is enough"),
    ] = None,
    out: Annotated[
        Folder, folder_option(help="Folder undangan; tanpa ini FOLDER/invites / invites' folder")
    ] = _HERE,
    again: Annotated[
        list[str] | None,
        typer.Option(help="Undang orang ini lagi; kunci lamanya gugur / invite this person again"),
    ] = None,
    reply: Annotated[
        list[Path] | None,
        typer.Option(help="Masukkan jawaban yang dibawa / enter an answer that was carried here"),
    ] = None,
    keep: KeepPassphrase = True,
) -> None:
    """Undang setiap orang di rencana; dijalankan pengelola layanan
    / invite everybody in the plan; run by the operator of the service.

    Bila roster sudah berlaku, hanya orang baru dan yang disebut --again yang diundang
    / once a roster is in force, only new people and those named by --again are invited.
    """
    today = datetime.now(UTC).date()
    home, charter = console.home(), load_charter(folder / "charter.yaml")
    place = JoiningFolder(home, charter.project)
    before = home.roster() if home.has_joined else None
    plan = _plan(folder, place, service or _address(home), today)
    _require_known(plan, again or [])
    if before is not None:
        plan = following(plan, place.plan(), before, again or [], today)
    me = _at_home(home, plan.inviter, keep=keep)
    if before is not None and not plan.invited(before):
        _tell_everybody_is_in(plan, before)
        return
    invites = invite_everybody(me, plan, json.loads(charter.canonical()), again or [])
    target = Folder(folder / "invites", out.gate) if out.path == _HERE.path else out
    me = me if before is None else me.under(before)
    written = [_written(target, member, data) for member, data in invites.items()]
    for each in reply or []:
        place.take_answer(open_answer(read_file(each, MAX_ANSWER_BYTES)), me.member, today)
    _tell(place, target, written, short_codes(plan.url, invites))


def _address(home: Home) -> str | None:
    """The service's address, once a roster is pinned."""
    return home.service().url if home.has_joined else None


def _plan(folder: Path, place: JoiningFolder, service: str | None, today: date) -> Plan:
    """The plan of the folder; one that is the same as before keeps its date."""
    known = place.plan()
    url = service or (known.url if known else None)
    if url is None:
        raise BadInput(
            PolicyCode.INVITE_SERVICE,
            Words("Alamat layanan belum disebut.", "The address of the service is missing."),
            Words(
                "Tambahkan --service, misalnya https://padan.contoh.go.id",
                "Add --service, for example https://padan.example.go.id",
            ),
        )
    return planned(place, read_file(folder / PLAN_FILE), url, today)


def _at_home(home: Home, person: PlannedPerson, *, keep: bool) -> Unlocked:
    """The operator's open home; makes it if there is none."""
    require_inviter(home, person)
    if not home.identity_path.exists():
        me = make_home(home, person, new_passphrase(keep=keep))
        choose(home, HOURS if keep else None)
        return me
    return console.unlocked()


def _require_known(plan: Plan, members: list[str]) -> None:
    for each in members:
        if plan.person(each) is None or each == plan.inviter.id:
            names = ", ".join(p.id for p in plan.people if p != plan.inviter)
            raise BadInput(
                PolicyCode.INVITE_NOBODY,
                Words(f"'{each}' tidak diundang.", f"'{each}' is not invited."),
                Words(f"Yang diundang: {names}.", f"Those who are invited: {names}."),
            )


def _written(folder: Folder, member: str, data: bytes) -> tuple[str, bool]:
    """Writes one invite; returns its file, and whether it is a new one."""
    path = folder.path / f"{member}.padan"
    if path.is_file() and path.read_bytes() == data:
        return str(path), False
    out = change_in_place(path) if path.exists() else folder.file(path.name)
    out.write(data)
    return str(path), True


def _tell(
    place: JoiningFolder, folder: Folder, written: list[tuple[str, bool]], codes: dict[str, str]
) -> None:
    gathering = place.gathering()
    missing = [each.id for each in gathering.missing()]
    fresh = [file for file, new in written if new]
    if not console.options.json:
        show_people(gathering)
    names = ", ".join(missing) or "-"
    console.result(
        {
            "project": place.project,
            "folder": str(folder),
            "invites": [file for file, _ in written],
            "written": fresh,
            "missing": missing,
            "codes": codes,
        },
        joined(
            Words(
                f"{folder}: {len(fresh)} undangan ditulis, {len(written) - len(fresh)} tetap sama.",
                f"{folder}: {len(fresh)} invites written, {len(written) - len(fresh)} unchanged.",
            ),
            _how_to_give({each: code for each, code in codes.items() if each in missing}),
            _what_is_next(gathering),
            Words(f"Belum bergabung: {names}.", f"Not joined yet: {names}."),
        ),
    )


def _how_to_give(codes: dict[str, str]) -> Words:
    """By telephone first, if others can reach the service's address; else by file."""
    if not codes:
        return Words(
            "Kirim tiap berkas kepada orangnya.",
            "Send each file to its person.",
        )
    lines = "".join(f"\n  {member}  {code}" for member, code in codes.items())
    return Words(
        "Bacakan tiap kode lewat telepon (berlaku selama layanan berjalan), atau kirim berkasnya:"
        + lines,
        "Read each code by telephone (it works while the service runs), or send the file:" + lines,
    )


def _what_is_next(gathering: Gathering) -> Words:
    project = gathering.plan.project
    if gathering.before is None:
        serve = console.command_line("padan-linkage", "go", project, "--serve")
        return Words(f"Jalankan: {serve}.", f"Run: {serve}.")
    one, other = gathering.authorities
    return Words(
        f"Layanan tetap berjalan; {one} dan {other} menandatangani roster berikutnya dengan"
        f" 'go {project}'.",
        f"Leave the service running; {one} and {other} sign the next roster with 'go {project}'.",
    )


def _tell_everybody_is_in(plan: Plan, roster: Roster) -> None:
    console.result(
        {"project": plan.project, "version": roster.version, "written": [], "missing": []},
        Words(
            f"Semua orang sudah di roster versi {roster.version}; undangan tidak perlu.",
            f"Everybody is in version {roster.version} of the roster; no invites are needed.",
        ),
    )
