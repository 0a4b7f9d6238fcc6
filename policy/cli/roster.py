"""`padan-policy roster`: compile, sign and check the list of members."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from policy.base.canonical import b64
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, Refused
from policy.base.files import read_file
from policy.base.output import Form, Output
from policy.base.words import Words
from policy.crypto.envelope import Envelope
from policy.joining.spoken_words import spoken
from policy.members.home import Home, read_member
from policy.members.roster import Agency, Member, Roster, open_roster, parse_roster, roster_binding
from policy.members.succession import require_signed_successor, require_successor
from policy.terminal import console
from policy.terminal.commands import Commands, change_in_place, output_argument, output_option

ROSTER = Form((".json",), repeatable=True)

app = Commands(help="Daftar anggota / list of members", no_args_is_help=True)


@app.command()
def build(
    cards: Annotated[
        list[Path] | None, typer.Argument(help="Berkas identity.json / identity.json files")
    ] = None,
    *,
    authority: Annotated[
        list[str] | None, typer.Option(help="Dua otoritas / the two authorities")
    ] = None,
    after: Annotated[
        Path | None, typer.Option(help="Roster yang diteruskan / the roster that it follows")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="Anggota yang keluar / a member who leaves")
    ] = None,
    end: Annotated[
        list[str] | None, typer.Option(help="Akhiri kunci anggota / end a member's keys today")
    ] = None,
    superior: Annotated[
        list[str] | None, typer.Option(help="INSTANSI=ATASAN / AGENCY=SUPERIOR")
    ] = None,
    out: Annotated[Output, output_option(help="Berkas roster / roster file", form=ROSTER)],
) -> None:
    """Susun roster dari kartu identitas / compile a roster from identity cards.

    Dengan --after: versi berikutnya; anggota lama tetap, kartu baru mengganti yang lama
    / with --after: the next version; members stay, a new card replaces the old one.
    """
    last = parse_roster(read_file(after))[0] if after else None
    members = {member.id: member for member in (last.members if last else ())}
    members |= {card.id: card for card in map(read_member, cards or [])}
    today = datetime.now(UTC).date()
    for name in end or []:
        members[name] = _ended(members, name, today)
    for name in without or []:
        members.pop(name, None)
    chosen = authority or (list(last.authorities) if last else [])
    if len(chosen) != 2:
        raise _not_a_roster()
    try:
        roster = Roster(
            version=last.version + 1 if last else 1,
            previous=last.digest() if last else None,
            issued=today,
            authorities=(chosen[0], chosen[1]),
            agencies=_agencies(superior or [], last.agencies if last else ()),
            members=tuple(sorted(members.values(), key=lambda m: m.id)),
        )
    except ValidationError:
        raise _not_a_roster() from None
    if last is not None:
        require_successor([last], roster)
    envelope = Envelope(
        payload_type=roster_binding(roster).canonical().decode(),
        payload=b64(roster.canonical()),
        signatures=(),
    )
    out.write(envelope.canonical())
    _show(roster, out.path)


def _ended(members: dict[str, Member], name: str, today: date) -> Member:
    """A member whose keys are valid until yesterday: still listed, but unable to sign."""
    if name not in members:
        raise _not_a_roster()
    return members[name].model_copy(update={"valid_until": today - timedelta(days=1)})


def _agencies(options: list[str], known: tuple[Agency, ...]) -> tuple[Agency, ...]:
    """The known agencies, and those in the options, whose superiors the options replace."""
    named: dict[str, list[str]] = {}
    for option in options:
        agency, _, superior = option.partition("=")
        if not superior:
            raise BadInput(
                PolicyCode.OPTION_SUPERIOR,
                Words("Atasan ditulis INSTANSI=ATASAN.", "A superior is written AGENCY=SUPERIOR."),
                Words("Contoh: dinsos=pemprov-dki.", "For example: dinsos=pemprov-dki."),
            )
        named.setdefault(agency, []).append(superior)
    every = {each.id: each.superiors for each in known}
    every |= {agency: tuple(superiors) for agency, superiors in named.items()}
    return tuple(Agency(id=each, superiors=every[each]) for each in sorted(every))


@app.command()
def sign(path: Annotated[Path, typer.Argument(help="Berkas roster / roster file")]) -> None:
    """Tanda tangani roster sebagai otoritas, lama atau baru / sign it as an authority."""
    out = change_in_place(path)
    roster, envelope = parse_roster(read_file(path))
    me = console.unlocked()
    signers = set(roster.authorities)
    before = _before(me.home, roster)
    if before is not None:
        require_successor(me.home.rosters(), roster)
        signers |= set(before.authorities)
        me = me.under(before)
    if me.member.id not in signers:
        names = ", ".join(sorted(signers))
        raise Refused(
            PolicyCode.ROSTER_NOT_AUTHORITY,
            Words(f"'{me.member.id}' bukan otoritas.", f"'{me.member.id}' is not an authority."),
            Words(f"Otoritasnya: {names}.", f"The authorities are {names}."),
        )
    out.write(envelope.signed_by(me.member.id, me.under(roster).keys.signing).canonical())
    _show(roster, path)


@app.command()
def check(
    path: Annotated[Path, typer.Argument(help="Berkas roster / roster file")],
    after: Annotated[
        Path | None, typer.Option(help="Roster yang diteruskan / the roster that it follows")
    ] = None,
) -> None:
    """Periksa tanda tangan dan tampilkan sidik / check signatures and show the digest."""
    data = read_file(path)
    roster, envelope = parse_roster(data)
    if after is not None:
        last = parse_roster(read_file(after))[0]
        require_signed_successor([last], roster, envelope)
    open_roster(data, roster.digest())
    _show(roster, path)


@app.command()
def save(
    out: Annotated[Output, output_argument(help="Berkas roster / roster file", form=ROSTER)],
) -> None:
    """Simpan roster yang berlaku di sini ke berkas / save the roster that is pinned here."""
    data = console.home().roster_file()
    out.write(data)
    _show(parse_roster(data)[0], out.path)


def _before(home: Home, roster: Roster) -> Roster | None:
    """The roster pinned here, if this one should follow it."""
    if not home.has_joined or home.roster().digest() != roster.previous:
        return None
    return home.roster()


def _show(roster: Roster, path: Path) -> None:
    words = spoken(roster.digest())
    console.result(
        {
            "digest": roster.digest(),
            "version": roster.version,
            "members": len(roster.members),
            "words": {"id": words.id, "en": words.en},
        },
        Words(
            f"{path}: roster versi {roster.version}, {len(roster.members)} anggota, sidik"
            f" {roster.digest()}\n  {words.id}",
            f"{path}: roster version {roster.version}, {len(roster.members)} members, digest"
            f" {roster.digest()}\n  {words.en}",
        ),
    )


def _not_a_roster() -> BadInput:
    return BadInput(
        PolicyCode.ROSTER_BUILD,
        Words(
            "Roster perlu dua otoritas dari instansi berbeda, dan id serta kunci yang unik.",
            "A roster needs two authorities of different agencies, and unique ids and keys.",
        ),
        Words(
            "Sebut --authority dua kali, dan kartu setiap anggota satu kali; atau --after ROSTER.",
            "Give --authority twice, and every member's card once; or --after ROSTER.",
        ),
    )
