"""`padan-policy join|witness|status|order`: a member's work in a project."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.table import Table

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, BadUsage, Unreachable
from policy.base.files import read_file
from policy.base.words import Words
from policy.joining.spoken_words import require_same
from policy.members.roster import roster_digest as known_digest
from policy.project.progress import steps_done
from policy.statements import Ended
from policy.terminal import console
from policy.terminal.arguments import Heard, ProjectId
from policy.wire.due import due
from policy.wire.orders import order_run
from policy.wire.rosters import fetch_roster
from policy.wire.session import Session


def register(app: typer.Typer) -> None:
    for command in (join, witness, status, order, end):
        app.command()(command)


def join(
    service: Annotated[str, typer.Option(help="Alamat layanan / URL of the service")],
    roster_digest: Annotated[
        str | None,
        typer.Option(
            help="Sidik roster dari jalur lain / digest of the roster, received by another way"
        ),
    ] = None,
    heard: Heard = None,
    roster: Annotated[
        Path | None,
        typer.Option(help="Berkas roster; tanpa ini diunduh / roster file; without it, downloaded"),
    ] = None,
) -> None:
    """Simpan roster dan alamat layanan / keep the roster and the service's address."""
    if (roster_digest is None) == (heard is None):
        raise _one_of_both()
    data = read_file(roster) if roster else fetch_roster(service)
    if heard is not None:
        require_same(heard, known_digest(data))
    pinned = console.home().pin_roster(service, data, roster_digest or known_digest(data))
    console.result(
        {"roster": pinned.digest(), "version": pinned.version},
        Words(
            f"Roster versi {pinned.version} disimpan di komputer ini.",
            f"Roster version {pinned.version} pinned.",
        ),
    )


def _one_of_both() -> BadUsage:
    return BadUsage(
        PolicyCode.OPTION_ROSTER,
        Words("Sebut --roster-digest atau --words.", "Give either --roster-digest or --words."),
        Words(
            "Otoritas melihat keduanya dengan 'padan-policy roster check ROSTER'.",
            "An authority sees both by 'padan-policy roster check ROSTER'.",
        ),
    )


def witness(
    project: ProjectId,
    watch: Annotated[
        bool, typer.Option("--watch", help="Ulangi terus sampai dihentikan / repeat until stopped")
    ] = False,
    every: Annotated[
        float,
        typer.Option(
            min=0.01, max=1440, help="Menit di antara dua kali / minutes between two times"
        ),
    ] = 15.0,
    hours: Annotated[
        int,
        typer.Option(min=1, max=720, help="Berhenti sesudah sekian jam / stop after these hours"),
    ] = 24,
    accept_late: Annotated[
        bool,
        typer.Option(help="Terima rilis yang terlambat disaksikan / accept an unseen late release"),
    ] = False,
) -> None:
    """Periksa log dan ikut menandatanganinya / check the log and cosign it.

    Kepala log yang sama ditandatangani lagi, agar log yang diam pun bertanggal / the same head
    is cosigned again, so that an idle log has a time as well.
    """
    me = console.unlocked()
    session = Session(me, project, accept_late)
    session.sync()
    _say_witnessed(project, session)
    until = time.monotonic() + hours * 3600
    while watch and time.monotonic() + every * 60 < until:
        time.sleep(every * 60)
        session = Session(me, project, accept_late)
        try:
            session.sync()
        except Unreachable as error:
            console.report(error)  # the service may come back; any other error ends the watch
        else:
            _say_witnessed(project, session)


def _say_witnessed(project: str, session: Session) -> None:
    size = session.replay.size
    console.result(
        {"project": project, "size": size, "root": session.replay.roots[size].hex()},
        Words(f"Log {project}: {size} entri, sesuai.", f"Log {project}: {size} entries, sound."),
    )


def status(project: ProjectId) -> None:
    """Sampai di mana proyek ini / how far the project is."""
    session = Session(console.unlocked(), project)
    copied = console.bring_up_to_date(session)
    state = session.project
    rows, awaited = steps_done(state), due(session)
    if console.options.json:
        steps = [{"step": each.name, "done": each.done, "by": each.by.en} for each in rows]
        turns = [each.as_json() for each in awaited]
        told = None if not awaited else asdict(awaited[0].next_words(project))
        about = {"project": project, "entries": state.size, "steps": steps}
        console.result({**about, "next": told, "awaited": turns, **copied})
        return
    table = Table("", str(Words("langkah", "step")), str(Words("selesai oleh", "done by")))
    for each in rows:
        table.add_row("✓" if each.done else "·", str(each.title), str(each.by))
    console.out.print(table)
    for turn in awaited:
        console.say(turn.next_words(project))


def order(
    project: ProjectId,
    run: Annotated[str, typer.Option(help="Nama pemadanan / name of the run")],
    domain: Annotated[
        list[str] | None,
        typer.Option(help="Domain ID; semua bila kosong / ID domain; all if empty"),
    ] = None,
    threshold: Annotated[
        list[str] | None,
        typer.Option(
            help="Ambang, penyandian=ppm; tanpa ini dari piagam"
            " / threshold, encoding=ppm; without it, the charter's"
        ),
    ] = None,
) -> None:
    """Perintahkan satu pemadanan / order one run."""
    session = Session(console.unlocked(), project)
    session.sync()
    order_run(session, run, domain or (), _thresholds(threshold or []))
    words = Words(f"Perintah {run} tercatat.", f"Order {run} is in the log.")
    console.step_result({"run": run}, words, session.repeated)


def end(
    project: ProjectId,
    reason: Annotated[str, typer.Option(help="Nomor surat atau alasan / number or reason")],
) -> None:
    """Akhiri proyek dua pihak sebelum ada kunci / end a project of two before it has keys."""
    session = Session(console.unlocked(), project)
    session.sync()
    try:
        body = Ended(at=int(time.time()), reason=reason)
    except ValidationError:
        raise BadInput(
            PolicyCode.OPTION_REASON,
            Words(
                "Alasan: 3 sampai 300 huruf, tanpa deret angka panjang.",
                "The reason: 3 to 300 letters, without long runs of digits.",
            ),
            Words("Sebut nomor suratnya.", "Give the number of the paper."),
        ) from None
    session.say(body)
    console.result(
        {"ended": project},
        Words(f"Proyek {project} diakhiri.", f"The project {project} is ended."),
    )


def _thresholds(options: list[str]) -> dict[str, int]:
    chosen = {}
    for option in options:
        name, _, value = option.partition("=")
        if not name or not value.isdecimal():
            raise BadInput(
                PolicyCode.OPTION_THRESHOLD,
                Words("Ambang ditulis NAMA=PPM.", "A threshold is written NAME=PPM."),
                Words("Contoh: utama=820000.", "For example: utama=820000."),
            )
        chosen[name] = int(value)
    return chosen
