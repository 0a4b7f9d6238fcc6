"""`padan-policy identity`: keys of one member."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, get_args

import typer

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.members.roster import Role
from policy.terminal import console
from policy.terminal.commands import Commands

app = Commands(help="Kunci dan kartu identitas / keys and identity card", no_args_is_help=True)


_ROLES = f"Peran: {', '.join(get_args(Role))} / role: {', '.join(get_args(Role))}"


@app.command()
def create(
    member_id: Annotated[str, typer.Argument(metavar="ID", help="mis. bps / e.g. bps")],
    agency: Annotated[str, typer.Option(help="Instansi, mis. bps / agency, e.g. bps")],
    name: Annotated[str, typer.Option(help="Nama lengkap / full name")],
    role: Annotated[list[str], typer.Option(help=_ROLES)],
) -> None:
    """Buat kunci di folder rumah / create the keys of this home folder."""
    unknown = sorted(set(role) - set(get_args(Role)))
    if unknown:
        raise BadInput(
            PolicyCode.IDENTITY_ROLE,
            Words("Peran tidak dikenal.", "A role is not known."),
            Words(f"Peran: {', '.join(get_args(Role))}.", f"Roles: {', '.join(get_args(Role))}."),
        )
    member = console.home().create(
        member_id,
        agency,
        name,
        role,  # type: ignore[arg-type] # checked above
        console.passphrase(confirm=True),
        datetime.now(UTC).date(),
    )
    card = console.home().identity_path
    console.result(
        {"id": member.id, "card": str(card)},
        Words(
            f"Identitas {member.id} dibuat. Serahkan {card} kepada otoritas roster.",
            f"Identity {member.id} made. Hand {card} to the roster's authorities.",
        ),
    )


@app.command()
def renew() -> None:
    """Ganti kunci; yang lama tetap sampai roster memuat kartu baru
    / draw new keys until the roster has them.
    """
    card = console.home().renew(console.unlocked_with()[1], datetime.now(UTC).date())
    path = console.home().identity_path
    console.result(
        {"id": card.id, "card": str(path)},
        Words(
            f"Kunci baru {card.id} dibuat. Serahkan {path} kepada otoritas roster; setelah roster"
            " terbit, jalankan 'padan-policy join'.",
            f"New keys of {card.id} made. Hand {path} to the roster's authorities; once the roster"
            " is out, run 'padan-policy join'.",
        ),
    )


@app.command()
def show() -> None:
    """Tampilkan kartu identitas / show the identity card."""
    member = console.home().member()
    console.result(
        member.model_dump(mode="json"),
        Words(
            f"{member.id} ({member.agency}): {', '.join(member.roles)}",
            f"{member.id} ({member.agency}): {', '.join(member.roles)}",
        ),
    )
