"""`padan-linkage people`: accounts of people at the coordinator, and of auditors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from linkage_service.cli.options import DatabaseUrlFile, PublicAddress, require_database, url_in
from linkage_service.desk.serving import require_service
from linkage_service.error_codes import ServiceCode
from linkage_service.people.staff import ALL_PROJECTS, Role
from policy.base.dates import at_second, long_moment
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.terminal import console
from policy.terminal.commands import Commands

if TYPE_CHECKING:
    from linkage_service.people.accounts import Account, Accounts
    from policy.members.roster import Roster

app = Commands(
    help="Akun koordinator, operator, auditor, dan DPO"
    " / accounts of coordinators, operators, auditors and DPOs",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(help="Nama akun / the account's name")]
Issuer = Annotated[
    str,
    typer.Option(help="Penyedia OIDC akun itu / the OIDC provider of that account"),
]

_ON_THIS_MACHINE = "http://127.0.0.1:8321"  # where 'serve' listens by default
_STATES = {
    "invited": Words("diundang", "invited"),
    "active": Words("aktif", "active"),
    "disabled": Words("ditutup", "disabled"),
}


def register(parent: typer.Typer) -> None:
    parent.add_typer(app, name="people")


@app.command()
def add(
    name: Name,
    role: Annotated[list[Role], typer.Option(help="Peran, berulang / role, repeatable")],
    office: Annotated[
        str, typer.Option(help="Id instansi di roster / the agency's id in the roster")
    ],
    project: Annotated[
        list[str] | None,
        typer.Option(help="Hanya proyek ini, berulang / these projects only, repeatable"),
    ] = None,
    public_url: PublicAddress = "",
    database_url_file: DatabaseUrlFile = None,
) -> None:
    """Buat akun dengan kode sekali pakai / make an account with a one-time code.

    Sebelum akun diatur, perintah yang sama memberi kode baru
    / Until the account is set up, the same command gives a new code.
    """
    address = _address(public_url)
    if console.home().has_joined:
        _require_office(console.home().roster(), office)
    with _accounts(database_url_file) as accounts:
        code = accounts.add(name, office, role, project or [ALL_PROJECTS])
    _show_code(name, code, address)


@app.command()
def reset(
    name: Name, public_url: PublicAddress = "", database_url_file: DatabaseUrlFile = None
) -> None:
    """Ponsel atau frasa sandi hilang: kode baru / a lost phone or passphrase: a new code.

    Frasa sandi, aplikasi, kode pemulihan, dan sesi yang lama berakhir
    / The old passphrase, app, recovery codes and sessions end.
    """
    address = _address(public_url)
    with _accounts(database_url_file) as accounts:
        code = accounts.reset(name)
    _show_code(name, code, address)


@app.command()
def disable(name: Name, issuer: Issuer = "", database_url_file: DatabaseUrlFile = None) -> None:
    """Tutup akun dan akhiri sesinya / close an account and end its sessions."""
    with _accounts(database_url_file) as accounts:
        accounts.disable(name, issuer)
    console.result(
        {"name": name, "state": "disabled"},
        Words(f"Akun '{name}' ditutup.", f"The account '{name}' is disabled."),
    )


@app.command("list")
def list_people(database_url_file: DatabaseUrlFile = None) -> None:
    """Semua akun / all accounts."""
    with _accounts(database_url_file) as accounts:
        found = accounts.all()
    console.result({"people": [_as_json(each) for each in found]})
    if not console.options.json:
        console.out.print(_table(found))


@contextmanager
def _accounts(database_url_file: DatabaseUrlFile) -> Iterator[Accounts]:
    """The accounts of this home's service, which may be running."""
    from linkage_service.people.accounts import Accounts
    from linkage_service.settings import Settings
    from linkage_service.storage.records import open_database
    from policy.base.clocks import system_clock

    me = console.unlocked()
    require_service(me)
    settings = Settings.under(me.home.path, url_in(database_url_file))
    require_database(settings)
    database = open_database(settings.database_url)
    try:
        yield Accounts(database, system_clock)
    finally:
        database.close()


def _address(public_url: str) -> str:
    """Where people open the service's pages: the public URL, or the one of the home folder."""
    from linkage_service.api.public_address import PublicUrl

    home = console.home()
    kept = home.service().url if home.has_joined else _ON_THIS_MACHINE
    return str(PublicUrl.parse(public_url or kept))


def _require_office(roster: Roster, office: str) -> None:
    """Checks that an agency of the roster has this id; raises BadInput with those that exist."""
    known = sorted({each.agency for each in roster.members})
    if office not in known:
        names = ", ".join(known)
        raise BadInput(
            ServiceCode.PEOPLE_OFFICE,
            Words(
                "Kantor itu bukan instansi di roster; akunnya tidak akan melihat apa pun.",
                "That office is no agency of the roster; the account would see nothing.",
            ),
            Words(f"Pakai salah satu: {names}.", f"Use one of these: {names}."),
        )


def _show_code(name: str, code: str, address: str) -> None:
    link = f"{address}/akun/baru#{code}"
    console.result(
        {"name": name, "code": code, "link": link},
        Words(
            f"Untuk '{name}', sekali pakai, 24 jam:\n{link}\nAtau ketik kode {code} di halaman"
            " 'Akun baru'. Serahkan sendiri, jangan lewat grup.",
            f"For '{name}', usable once, 24 hours:\n{link}\nOr type the code {code} on the page"
            " 'New account'. Hand it over in person, not through a group.",
        ),
    )


def _as_json(account: Account) -> dict[str, object]:
    person = account.person
    return {
        "name": person.name,
        "office": person.office,
        "roles": sorted(person.roles),
        "projects": list(person.projects),
        "state": account.state,
        "issuer": account.issuer,
        "subject": account.subject,
        "created": account.created,
    }


def _table(accounts: tuple[Account, ...]) -> Table:
    table = Table()
    for head in (
        Words("nama", "name"),
        Words("kantor", "office"),
        Words("peran", "roles"),
        Words("proyek", "projects"),
        Words("keadaan", "state"),
        Words("dibuat", "made"),
    ):
        table.add_column(str(head))
    for each in accounts:
        person = each.person
        table.add_row(
            person.name,
            person.office,
            ", ".join(str(role.words) for role in sorted(person.roles)),
            " ".join(person.projects),
            str(_STATES[each.state]) + (f" ({each.issuer})" if each.issuer else ""),
            str(long_moment(at_second(each.created))),
        )
    return table
