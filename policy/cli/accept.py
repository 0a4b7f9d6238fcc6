"""`padan-policy accept`: from an invite to a pinned roster."""

from __future__ import annotations

from typing import Annotated

import typer

from policy.base.errors import NotYet
from policy.base.output import CARRIED, Output
from policy.base.words import Words
from policy.joining.invite import Invite
from policy.joining.spoken_words import spoken
from policy.members.home import Unlocked
from policy.members.roster import Roster
from policy.terminal import console
from policy.terminal.arguments import Heard
from policy.terminal.commands import output_option
from policy.terminal.comparing import compared_at_terminal
from policy.terminal.passphrases import KeepPassphrase
from policy.terminal.watching import Every, For, Watch, Watching
from policy.wire.arriving import accept_invite, read_invite
from policy.wire.joining import Joining, NotCompared


def register(app: typer.Typer) -> None:
    app.command()(accept)


def accept(
    invite: Annotated[
        str, typer.Argument(help="Berkas atau kode undangan / file or code of the invite")
    ],
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
    opened = read_invite(invite)
    me = accept_invite(opened, keep=keep)
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
