"""The plan of people: who is needed in a project, by agency, office and role.

People keep it as a table, `roster-plan.csv` in the project folder, one row a person:
`member, agency, superior, roles, nama`. Other columns are ignored, and `siapa` (the office) is the
name of a row without `nama`. Two rows have the role `authority`, one has `service`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError

from policy.base.canonical import HexDigest, Identifier, Model, Name
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.members.roster import Agency, Member, Role, Roster

PLAN_FILE = "roster-plan.csv"
ROLE_WORDS: dict[Role, Words] = {
    "authority": Words("otoritas, menandatangani roster", "authority, signs the roster"),
    "party": Words("pihak, memegang data", "party, has data"),
    "approver": Words("penyetuju rilis", "approver of releases"),
    "dpo": Words("pejabat pelindungan data", "data protection officer"),
    "service": Words("layanan", "service"),
    "coordinator": Words("koordinator", "coordinator"),
    "witness": Words("saksi log", "witness of the log"),
    "auditor": Words("auditor", "auditor"),
}
MOST_PEOPLE = 200
_NEEDED = ("member", "agency", "roles")


def _address(url: str) -> str:
    """The same URL; raises ValueError without host or possible port, or with a user or a query."""
    parts = urlsplit(url)  # raises ValueError, as .port does
    if not parts.hostname or parts.port == 0 or "@" in parts.netloc or "?" in url or "#" in url:
        raise ValueError
    return url


ServiceUrl = Annotated[
    str, Field(pattern=r"^https?://[^\s/]+(/\S*)?$", max_length=300), AfterValidator(_address)
]


class PlannedPerson(Model):
    """One person of the plan, as the identity card will name them."""

    id: Identifier
    agency: Identifier
    name: str = Field(min_length=1, max_length=120)
    roles: tuple[Role, ...] = Field(min_length=1)

    def is_of(self, card: Member) -> bool:
        """Whether this identity card is this person's: same id, agency, name and roles."""
        mine = (self.id, self.agency, self.name, self.roles)
        return mine == (card.id, card.agency, card.name, card.roles)


class Plan(Model):
    """Everybody of one project, and the address of its service.

    `after` is the digest of the roster in force for which people come later; of its members, those
    in `again` get new keys.
    """

    type: Literal["padan/people"] = "padan/people"
    project: Identifier
    url: ServiceUrl
    issued: date
    agencies: tuple[Agency, ...] = ()
    people: tuple[PlannedPerson, ...] = Field(min_length=3, max_length=MOST_PEOPLE)
    after: HexDigest | None = Field(default=None, exclude_if=lambda digest: digest is None)
    again: tuple[Identifier, ...] = Field(default=(), exclude_if=lambda names: not names)

    @property
    def authorities(self) -> tuple[str, ...]:
        return tuple(each.id for each in self.people if "authority" in each.roles)

    @property
    def inviter(self) -> PlannedPerson:
        """The service's operator, who invites."""
        return next(each for each in self.people if "service" in each.roles)

    def person(self, member: str) -> PlannedPerson | None:
        return next((each for each in self.people if each.id == member), None)

    def invited(self, before: Roster | None) -> tuple[PlannedPerson, ...]:
        """Those who have to give a card: everybody; after a roster, those who come later."""
        if before is None:
            return self.people
        return tuple(
            each for each in self.people if not before.has_member(each.id) or each.id in self.again
        )


class _Row(Model):
    member: Identifier
    agency: Identifier
    superior: Name = ""
    roles: tuple[Role, ...] = Field(min_length=1)
    name: str = Field(min_length=1, max_length=120)


def read_plan(table: bytes, project: str, url: str, issued: date) -> Plan:
    """The plan from its table, also as a spreadsheet program saves it; raises BadInput."""
    rows = [_row(number, cells) for number, cells in _rows(table)]
    agencies: dict[str, set[str]] = {}
    for row in rows:
        if row.superior:
            agencies.setdefault(row.agency, set()).add(row.superior)
    people = [PlannedPerson(id=r.member, agency=r.agency, name=r.name, roles=r.roles) for r in rows]
    _require_offices(people)
    try:
        return Plan(
            project=project,
            url=url.rstrip("/"),
            issued=issued,
            agencies=tuple(
                Agency(id=each, superiors=tuple(sorted(agencies[each])))
                for each in sorted(agencies)
            ),
            people=tuple(sorted(people, key=lambda each: each.id)),
        )
    except ValidationError:
        raise _malformed(
            Words(
                "terlalu sedikit orang, atau alamat layanan tidak sah",
                "too few people, or an address of the service that is not valid",
            ),
        ) from None


def with_names(table: bytes, names: Mapping[str, str]) -> bytes:
    """The table with these names, by member id, in its column `nama`; the rest as it was."""
    rows = _rows(table)
    columns = list(dict.fromkeys(name for _, cells in rows for name in cells))
    columns += [] if "nama" in columns else ["nama"]
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    write(columns)
    for _, cells in rows:
        said = names.get(cells.get("member", ""), "").strip()
        cells = {**cells, "nama": said or cells.get("nama", "")}
        write([cells.get(each, "") for each in columns])
    return text.getvalue().encode()


def _rows(table: bytes) -> list[tuple[int, dict[str, str]]]:
    """Each row's number in the file, and its cells by column."""
    try:
        text = table.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _malformed(Words("bukan teks UTF-8", "not text in UTF-8")) from None
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=head.count))
    missing = [each for each in _NEEDED if each not in (reader.fieldnames or ())]
    if missing:
        names = ", ".join(missing)
        raise _malformed(Words(f"kolom yang kurang: {names}", f"missing columns: {names}"))
    found = []
    for row in reader:
        cells = {name: cell.strip() for name, cell in row.items() if isinstance(cell, str)}
        if any(cells.values()):
            found.append((reader.line_num, cells))
    return found


def _row(number: int, cells: dict[str, str]) -> _Row:
    roles = tuple(dict.fromkeys(cells.get("roles", "").replace(",", " ").split()))
    try:
        return _Row(
            member=cells.get("member", ""),
            agency=cells.get("agency", ""),
            superior=cells.get("superior", ""),
            roles=roles,  # type: ignore[arg-type] # the model checks the names
            name=cells.get("nama") or cells.get("siapa") or cells.get("who") or "",
        )
    except ValidationError as error:
        fields = ", ".join(sorted({str(each["loc"][0]) for each in error.errors()}))
        raise _malformed(Words(f"baris {number}, {fields}", f"row {number}, {fields}")) from None


def _require_offices(people: list[PlannedPerson]) -> None:
    """Checks the offices that every project needs; raises BadInput."""
    ids = [each.id for each in people]
    authorities = [each.agency for each in people if "authority" in each.roles]
    services = [each for each in people if "service" in each.roles]
    if len(set(ids)) != len(ids):
        raise _malformed(Words("satu id di dua baris", "one id in two rows"))
    if len(authorities) != 2 or len(set(authorities)) != 2:
        raise _malformed(
            Words(
                "dua otoritas dari instansi berbeda diperlukan",
                "two authorities of different agencies are needed",
            )
        )
    if len(services) != 1:
        raise _malformed(Words("satu layanan diperlukan", "one service is needed"))


def _malformed(what: Words) -> BadInput:
    roles = ", ".join(get_args(Role))
    return BadInput(
        PolicyCode.PLAN_MALFORMED,
        Words(f"{PLAN_FILE}: {what.id}.", f"{PLAN_FILE}: {what.en}."),
        Words(
            "Perbaiki tabel itu: satu baris satu orang, kolom member, agency, superior, roles,"
            f" nama. Peran: {roles}.",
            "Correct the table: one row a person, columns member, agency, superior, roles, nama."
            f" Roles: {roles}.",
        ),
    )
