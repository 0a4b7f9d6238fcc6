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
from policy.members.succession import open_rosters
from policy.terminal import console
from policy.terminal.arguments import ProjectId


def register(app: typer.Typer) -> None:
    app.command("verify-entry")(verify_an_entry)


def verify_an_entry(
    project: ProjectId,
    entry: Annotated[Path, typer.Argument(help="Berkas entri / file of the entry")],
    proof: Annotated[Path, typer.Argument(help="Berkas .tlog-proof / the .tlog-proof file")],
    roster: Annotated[
        list[Path],
        typer.Option(
            help="Berkas roster; sebut semua versi sejak entri itu, berulang"
            " / file of the roster; name each version since the entry, repeatable"
        ),
    ],
    roster_digest: Annotated[
        str,
        typer.Option(
            help="Sidik roster dari jalur lain / digest of the roster, received by another way"
        ),
    ],
) -> None:
    """Verifikasi satu entri log, luring / verify one entry of a log, offline.

    Sidik satu roster cukup: yang lain harus menyambungnya
    / The digest of one roster is enough: the others must follow each other to it.
    """
    pinned = "".join(roster_digest.split()).lower()
    rosters = open_rosters(map(read_file, roster), pinned)
    proved = parse_tlog_proof(read_file(proof, MAX_PROOF_BYTES))
    found = verify_entry(read_file(entry), proved, project, rosters, pinned)
    console.result(_as_json(found), _words(found))


def _as_json(found: VerifiedEntry) -> dict[str, object]:
    return {
        "index": found.index,
        "size": found.checkpoint.size,
        "type": found.statement.binding.type,
        "sender": found.statement.sender,
        "digest": found.statement.digest,
        "signature_checked": found.signed_under is not None,
        "roster_version": found.roster.version,
        "cosigned": {name: at_second(at).isoformat() for name, at in found.cosigned.items()},
    }


_UNCHECKED = Words(
    "Tanda tangannya di bawah roster lain dan tidak diperiksa: sebut roster itu juga dengan"
    " --roster.",
    "It is signed under another roster and was not checked: name that roster too by --roster.",
)

_UNWITNESSED = Words(
    "Tanpa saksi: hanya layanan yang menyatakannya.",
    "No witness cosigned it: the service alone asserts it.",
)


def _words(found: VerifiedEntry) -> Words:
    statement, title = found.statement, found.statement.body.TITLE
    under = found.signed_under
    who = under.member(statement.sender).name if under else statement.sender
    index, size = found.index, found.checkpoint.size
    lines = [
        Words(
            f"Sah: entri {index} dari {size} adalah '{title.id}', {who}.",
            f"Valid: entry {index} of {size} is '{title.en}', {who}.",
        )
    ]
    if under is None:
        lines.append(_UNCHECKED)
    version = found.roster.version
    lines.append(
        Words(
            f"Titik periksanya dinilai menurut roster versi {version}.",
            f"Its checkpoint is judged by version {version} of the roster.",
        )
    )
    if not found.cosigned:
        lines.append(_UNWITNESSED)
    for name, at in sorted(found.cosigned.items()):
        moment = long_moment(at_second(at))
        lines.append(Words(f"Disaksikan {name}, {moment.id}.", f"Cosigned by {name}, {moment.en}."))
    return joined(*lines)
