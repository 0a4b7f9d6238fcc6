"""`padan-policy roster`: compile, sign and check the list of members."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from policy import console
from policy.canonical import b64
from policy.commands import Commands, change_in_place, output_option
from policy.envelope import Envelope, verify
from policy.errors import BadInput, Refused
from policy.files import read_file
from policy.home import read_member
from policy.output import Form, Output
from policy.roster import Roster, parse_roster, roster_binding
from policy.words import Words

ROSTER = Form((".json",), repeatable=True)

app = Commands(help="Daftar anggota / list of members", no_args_is_help=True)


@app.command()
def build(
    cards: Annotated[list[Path], typer.Argument(help="Berkas identity.json / identity cards")],
    authority: Annotated[list[str], typer.Option(help="Dua otoritas / the two authorities")],
    out: Annotated[Output, output_option(help="Berkas roster / roster file", form=ROSTER)],
    version: Annotated[int, typer.Option(help="Naik terus / only increases")] = 1,
) -> None:
    """Susun roster dari kartu identitas / compile a roster from identity cards."""
    if len(authority) != 2:
        raise _not_a_roster()
    try:
        roster = Roster(
            version=version,
            issued=datetime.now(UTC).date(),
            authorities=(authority[0], authority[1]),
            members=tuple(sorted((read_member(card) for card in cards), key=lambda m: m.id)),
        )
    except ValidationError:
        raise _not_a_roster() from None
    envelope = Envelope(
        payload_type=roster_binding(roster).canonical().decode(),
        payload=b64(roster.canonical()),
        signatures=(),
    )
    out.write(envelope.canonical())
    _show(roster, out.path)


@app.command()
def sign(path: Annotated[Path, typer.Argument(help="Berkas roster / roster file")]) -> None:
    """Tanda tangani roster sebagai otoritas / sign the roster as an authority."""
    out = change_in_place(path)
    roster, envelope = parse_roster(read_file(path))
    me = console.unlocked()
    if me.member.id not in roster.authorities:
        raise Refused(
            "roster.not-authority",
            Words(f"'{me.member.id}' bukan otoritas.", f"'{me.member.id}' is no authority."),
            Words(
                f"Otoritasnya: {', '.join(roster.authorities)}.",
                f"The authorities are {', '.join(roster.authorities)}.",
            ),
        )
    out.write(envelope.signed_by(me.member.id, me.keys.signing).canonical())
    _show(roster, path)


@app.command()
def check(path: Annotated[Path, typer.Argument(help="Berkas roster / roster file")]) -> None:
    """Periksa tanda tangan dan tampilkan sidik / check signatures, show the digest."""
    roster, envelope = parse_roster(read_file(path))
    verify(envelope, {a: roster.member(a).signing_public() for a in roster.authorities})
    _show(roster, path)


def _show(roster: Roster, path: Path) -> None:
    console.result(
        {"digest": roster.digest(), "version": roster.version, "members": len(roster.members)},
        Words(
            f"{path}: roster versi {roster.version}, {len(roster.members)} anggota, sidik"
            f" {roster.digest()}",
            f"{path}: roster version {roster.version}, {len(roster.members)} members, digest"
            f" {roster.digest()}",
        ),
    )


def _not_a_roster() -> BadInput:
    return BadInput(
        "roster.build",
        Words(
            "Roster perlu dua otoritas dari instansi berbeda, dan id serta kunci yang unik.",
            "A roster needs two authorities of different agencies, and unique ids and keys.",
        ),
        Words(
            "Sebut --authority dua kali, dan kartu setiap anggota satu kali.",
            "Give --authority twice, and every member's card once.",
        ),
    )
