"""Conditions for destroying a thing and for using it again."""

from __future__ import annotations

from datetime import date, timedelta

from policy.base.error_codes import PolicyCode
from policy.base.errors import NotYet, Refused
from policy.base.words import Words
from policy.gates.rules.case import day_of
from policy.project import Project
from policy.retention.schedule import Item, due_day, item_of
from policy.retention.words import THINGS
from policy.statements import ServiceThing, Thing
from policy.witnessing.witness_times import Witnessed


def require_destroyable(project: Project, owner: str, what: Thing, at: int) -> Item:
    """The item, if its owner may destroy it at that time (Unix seconds); raises Refused.

    The service keeps what it was given until the due date: it follows only the charter. A party may
    destroy its own things at any time, unless a hold covers them.
    """
    day = day_of(at)
    item = item_of(project, owner, what, day)
    thing = THINGS[what]
    if item is None:
        raise _refused(
            PolicyCode.RETENTION_NOTHING,
            Words(
                f"Log tidak menunjukkan bahwa '{owner}' menyimpan {thing.id}.",
                f"The log does not show that '{owner}' keeps {thing.en}.",
            ),
        )
    if item.state == "destroyed":
        raise already_destroyed(item)
    if item.hold is not None:
        raise _held(item)
    if owner == project.roster.service().id and day < item.due:
        raise _refused(
            PolicyCode.RETENTION_EARLY,
            Words(
                f"Menurut piagam, layanan menyimpan {thing.id} sampai sebelum {item.due}.",
                f"By the charter the service keeps {thing.en} until before {item.due}.",
            ),
        )
    return item


def require_day_witnessed(due: date, witnessed: Witnessed) -> None:
    """Checks that two witnesses have cosigned on the due day or later; raises NotYet.

    One clock alone must not destroy anything, because destruction cannot be undone.
    """
    confirmed = witnessed.confirmed
    if confirmed is not None and day_of(confirmed) >= due:
        return
    last = _day(confirmed)
    raise NotYet(
        PolicyCode.RETENTION_UNWITNESSED,
        Words(
            f"Belum ada dua saksi yang menandatangani log pada {due} atau sesudahnya"
            f" (terakhir: {last}).",
            f"No two witnesses have cosigned the log on {due} or later (last: {last}).",
        ),
        Words(
            "Dua saksi menjalankan 'padan-policy witness'; pemusnahan menyusul sendiri.",
            "Two witnesses run 'padan-policy witness'; the destruction then follows by itself.",
        ),
    )


def require_day_seen_by_quorum(due: date, witnessed: Witnessed) -> None:
    """As `require_day_witnessed`, but the charter's quorum; the service asks before it destroys.

    The law of a log asks for two witnesses only.
    """
    confirmed = witnessed.confirmed_by_quorum
    if confirmed is not None and day_of(confirmed) >= due:
        return
    last, needed = _day(confirmed), max(2, witnessed.quorum)
    raise NotYet(
        PolicyCode.RETENTION_UNWITNESSED,
        Words(
            f"Belum ada {needed} saksi yang menandatangani log pada {due} atau sesudahnya"
            f" (terakhir: {last}).",
            f"Fewer than {needed} witnesses have cosigned the log on {due} or later"
            f" (last: {last}).",
        ),
        Words(
            "Para saksi menjalankan 'padan-policy witness'; pemusnahan menyusul sendiri.",
            "The witnesses run 'padan-policy witness'; the destruction then follows by itself.",
        ),
    )


def _day(moment: int | None) -> str:
    return "-" if moment is None else day_of(moment).isoformat()


def require_usable(project: Project, what: ServiceThing, at: int) -> None:
    """Raises Refused if the thing was destroyed, and from its due day on, held or not."""
    require_not_destroyed(project, what)
    due = due_day(project.charter, what)
    if day_of(at) >= due:
        last, thing = due - timedelta(days=1), THINGS[what]
        raise _refused(
            PolicyCode.RETENTION_ENDED,
            Words(
                f"Menurut piagam, {thing.id} hanya dipakai sampai {last}.",
                f"By the charter, {thing.en} may be used until {last} only.",
            ),
        )


def require_not_destroyed(project: Project, what: Thing, owner: str | None = None) -> None:
    """Raises Refused, with the day of the attestation, if the owner attested destruction.

    Without `owner`, the owner is the service.
    """
    item = item_of(project, owner or project.roster.service().id, what, date.max)
    if item is not None and item.attested:
        raise already_destroyed(item)


def require_rows(project: Project, at: int) -> None:
    """Checks that the sent rows may still be opened at that time; raises Refused."""
    require_usable(project, "service-key", at)
    require_usable(project, "encodings", at)


def already_destroyed(item: Item) -> Refused:
    thing, day = THINGS[item.what], item.attested_on
    return _refused(
        PolicyCode.RETENTION_DESTROYED,
        Words(
            f"'{item.owner}' telah memusnahkan {thing.id} pada {day}.",
            f"'{item.owner}' destroyed {thing.en} on {day}.",
        ),
    )


def _held(item: Item) -> Refused:
    assert item.hold is not None
    thing, placer = THINGS[item.what], item.hold.entry.statement.sender
    return Refused(
        PolicyCode.RETENTION_HELD,
        Words(
            f"Penangguhan pemusnahan oleh '{placer}' sampai {item.hold.last} melarang pemusnahan"
            f" {thing.id}.",
            f"A legal hold by '{placer}' until {item.hold.last} forbids destroying {thing.en}.",
        ),
        Words(
            "Tunggu sampai berakhir, atau minta yang menempatkannya mencabutnya dengan"
            " 'padan-policy lift-hold'.",
            "Wait until it ends, or ask who placed it to lift it with 'padan-policy lift-hold'.",
        ),
    )


def _refused(code: str, problem: Words) -> Refused:
    return Refused(
        code,
        problem,
        Words(
            "Lihat jadwalnya dengan 'padan-policy retention'.",
            "See the schedule with 'padan-policy retention'.",
        ),
    )
