"""`padan-policy accept`: from an invite to a pinned roster."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from policy.base.error_codes import PolicyCode
from policy.base.errors import NotYet, Refused
from policy.base.files import read_file
from policy.base.output import CARRIED, Output
from policy.base.words import Words
from policy.joining.folder import JoiningFolder
from policy.joining.invite import Invite, open_invite, require_person
from policy.joining.spoken_words import spoken
from policy.members.home import Home, Unlocked
from policy.members.roster import Roster
from policy.terminal import console
from policy.terminal.arguments import Heard
from policy.terminal.commands import output_option
from policy.terminal.comparing import compared_at_terminal
from policy.terminal.passphrases import KeepPassphrase, new_passphrase
from policy.terminal.watching import Every, For, Watch, Watching
from policy.wire.joining import Joining, NotCompared

MAX_INVITE_BYTES = 64 * 1024


def register(app: typer.Typer) -> None:
    app.command()(accept)


def accept(
    invite: Annotated[Path, typer.Argument(help="Berkas undangan / file of the invite")],
    reply: Annotated[
        Output | None,
        output_option(
            "--reply",
            help="Tulis jawaban ke berkas ini, untuk mesin tanpa jaringan"
            " / write the answer to this file, for a machine without a network",
            form=CARRIED,
        ),
    ] = None,
    heard: Heard = None,
    keep: KeepPassphrase = True,
    watch: Watch = False,
    every: Every = 30.0,
    seconds: For = None,
) -> None:
    """Terima undangan: buat kunci, bergabung, bandingkan kata, simpan roster
    / accept an invite: make keys, join, compare words, pin the roster.
    """
    opened = open_invite(read_file(invite, MAX_INVITE_BYTES))
    opened.require_current(datetime.now(UTC).date())
    home = console.home()
    _require_same_inviter(home, opened)
    me = _at_home(home, opened, keep=keep)
    JoiningFolder(home, opened.body.project).keep_invite(opened)
    if reply is not None:
        reply.write(Joining(me, opened).answer())
        console.result(
            {"reply": str(reply), "member": me.member.id},
            Words(
                f"{reply} ditulis. Kirim ke koordinator, yang memasukkannya dengan 'padan-policy"
                " invite FOLDER --reply BERKAS'.",
                f"{reply} written. Send it to the coordinator, who enters it with 'padan-policy"
                " invite FOLDER --reply FILE'.",
            ),
        )
        return
    joining = Joining(me, opened, compared_at_terminal, heard)

    awaited: list[str] = []

    def step() -> bool:
        try:
            roster = joining.step()
        except NotCompared:
            raise
        except NotYet as error:  # this person has done their part; others have not
            if awaited[-1:] != [error.problem.en]:
                awaited.append(error.problem.en)
                _tell_awaited(opened, error)
            return False
        _tell_pinned(opened, me, roster)
        return True

    Watching(watch, every, seconds).repeat(step)


def _at_home(home: Home, invite: Invite, *, keep: bool) -> Unlocked:
    """The invited person's open home; makes it if there is none."""
    person = invite.body.person
    if home.identity_path.exists():
        require_person(invite, home.member())
        return console.unlocked()
    passphrase = new_passphrase(keep=keep)
    today = datetime.now(UTC).date()
    home.create(person.id, person.agency, person.name, person.roles, passphrase, today)
    console.say(
        Words(
            f"Kunci {person.id} dibuat di {home.path}. Buat cadangannya dengan 'padan-policy"
            " backup'.",
            f"Keys of {person.id} made in {home.path}. Back them up with 'padan-policy backup'.",
        )
    )
    return home.unlock(passphrase)


def _require_same_inviter(home: Home, invite: Invite) -> None:
    """Checks that an invite of this project did not come from somebody else before."""
    known = JoiningFolder(home, invite.body.project).invite()
    if known is None or known.body.inviter == invite.body.inviter:
        return
    raise Refused(
        PolicyCode.INVITE_INVITER,
        Words(
            "Undangan terdahulu untuk proyek ini ditandatangani kunci lain.",
            "The earlier invite to this project was signed by another key.",
        ),
        Words(
            "Telepon koordinator; bila ia mengganti kuncinya, pakai folder rumah baru (--home).",
            "Call the coordinator; if the keys there are new, use a new home folder (--home).",
        ),
    )


def _tell_awaited(invite: Invite, awaited: NotYet) -> None:
    console.result(
        {
            "event": "waiting",
            "project": invite.body.project,
            "member": invite.body.person.id,
            "problem": {"id": awaited.problem.id, "en": awaited.problem.en},
        },
        Words(
            f"Anda sudah bergabung. {awaited.problem.id} {awaited.hint.id}",
            f"You have joined. {awaited.problem.en} {awaited.hint.en}",
        ),
    )


def _tell_pinned(invite: Invite, me: Unlocked, roster: Roster) -> None:
    """The end; raises Refused if the roster of this home does not have this person."""
    roster.member(me.member.id)
    project, digest = invite.body.project, roster.digest()
    words = spoken(digest)
    console.result(
        {
            "event": "joined",
            "project": project,
            "member": me.member.id,
            "roster": digest,
            "version": roster.version,
            "words": {"id": words.id, "en": words.en},
        },
        Words(
            f"Roster versi {roster.version} disimpan di komputer ini. Katanya:\n  {words.id}\n"
            f"Teruskan dengan 'go {project}'.",
            f"Roster version {roster.version} pinned on this computer. Its words:\n  {words.en}\n"
            f"Go on with 'go {project}'.",
        ),
    )
