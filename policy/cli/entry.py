"""`padan-policy verify-entry`: one entry of a log and its proof, verified offline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy.base.dates import at_second, long_moment
from policy.base.files import read_file
from policy.base.words import Words, joined
from policy.evidence.entry import VerifiedEntry, verify_entry
from policy.formats.tlog_proof import MAX_PROOF_BYTES, parse_tlog_proof
from policy.members.roster import Roster, open_roster
from policy.terminal import console
from policy.terminal.arguments import ProjectId


def register(app: typer.Typer) -> None:
    app.command("verify-entry")(verify_an_entry)


def verify_an_entry(
    project: ProjectId,
    entry: Annotated[Path, typer.Argument(help="Berkas entri / file of the entry")],
    proof: Annotated[Path, typer.Argument(help="Berkas .tlog-proof / the .tlog-proof file")],
    roster: Annotated[Path, typer.Option(help="Berkas roster / file of the roster")],
    roster_digest: Annotated[
        str,
        typer.Option(
            help="Sidik roster dari jalur lain / digest of the roster, received by another way"
        ),
    ],
) -> None:
    """Verifikasi satu entri log, luring / verify one entry of a log, offline."""
    pinned = open_roster(read_file(roster), "".join(roster_digest.split()))
    found = verify_entry(
        read_file(entry), parse_tlog_proof(read_file(proof, MAX_PROOF_BYTES)), project, pinned
    )
    console.result(_as_json(found), _words(found, pinned))


def _as_json(found: VerifiedEntry) -> dict[str, object]:
    return {
        "index": found.index,
        "size": found.checkpoint.size,
        "type": found.statement.binding.type,
        "sender": found.statement.sender,
        "digest": found.statement.digest,
        "signature_checked": found.signed,
        "cosigned": {name: at_second(at).isoformat() for name, at in found.cosigned.items()},
    }


_UNCHECKED = Words(
    "Tanda tangannya di bawah roster lain dan tidak diperiksa; 'padan-policy verify' memeriksa"
    " seluruh log.",
    "It is signed under another roster and was not checked; 'padan-policy verify' checks the whole"
    " log.",
)


def _words(found: VerifiedEntry, roster: Roster) -> Words:
    statement, title = found.statement, found.statement.body.TITLE
    who = roster.member(statement.sender).name if found.signed else statement.sender
    index, size = found.index, found.checkpoint.size
    lines = [
        Words(
            f"Sah: entri {index} dari {size} adalah '{title.id}', {who}.",
            f"Valid: entry {index} of {size} is '{title.en}', {who}.",
        )
    ]
    if not found.signed:
        lines.append(_UNCHECKED)
    for name, at in sorted(found.cosigned.items()):
        moment = long_moment(at_second(at))
        lines.append(Words(f"Disaksikan {name}, {moment.id}.", f"Cosigned by {name}, {moment.en}."))
    return joined(*lines)
