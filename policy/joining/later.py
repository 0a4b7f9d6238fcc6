"""The plan of people for a roster in force: who comes later, and whose keys are replaced."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from policy.base.error_codes import PolicyCode
from policy.base.errors import Refused
from policy.base.words import Words
from policy.joining.plan import Plan
from policy.members.roster import Roster


def following(
    plan: Plan, last: Plan | None, before: Roster, again: Sequence[str], today: date
) -> Plan:
    """The plan for the roster after `before`; people of the roster in `again` get new keys.

    Those of the last plan who are still awaited stay awaited. Raises Refused if the plan names
    other authorities or another service, gives somebody of the roster other roles or another name,
    or replaces the keys of an authority or of the service.
    """
    pending = last.again if last is not None and last.after == before.digest() else ()
    names = tuple(sorted({*pending, *(each for each in again if before.has_member(each))}))
    if (set(plan.authorities), plan.inviter.id) != (set(before.authorities), before.service().id):
        raise _refused(
            Words(
                "Otoritas dan layanan tidak diganti dengan undangan.",
                "Authorities and the service are not replaced by invites.",
            ),
            Words(
                "Kembalikan barisnya di tabel, atau susun roster sendiri: 'padan-policy roster"
                " build --after'.",
                "Put their rows back into the table, or build the roster yourself: 'padan-policy"
                " roster build --after'.",
            ),
        )
    fixed = [each for each in names if each in (*before.authorities, before.service().id)]
    if fixed:
        raise _refused(
            Words(
                f"Kunci {', '.join(fixed)} tidak diganti dengan undangan.",
                f"The keys of {', '.join(fixed)} are not replaced by an invite.",
            ),
            Words(
                "Otoritas baru memakai id baru; kunci layanan diganti dengan 'padan-policy identity"
                " renew' dan 'padan-policy roster build --after'.",
                "A new authority takes a new id; the service's keys are replaced by 'padan-policy"
                " identity renew' and 'padan-policy roster build --after'.",
            ),
        )
    for each in plan.people:
        stays = before.has_member(each.id) and each.id not in names
        if stays and not each.is_of(before.member(each.id)):
            raise _other_office(each.id, before.version)
    first = last is None or last.after != before.digest()
    dated = {"issued": today} if first else {}
    return plan.model_copy(update={"after": before.digest(), "again": names, **dated})


def _other_office(member: str, version: int) -> Refused:
    return _refused(
        Words(
            f"{member} di tabel tidak sama dengan di roster versi {version}: nama, instansi atau"
            " peran.",
            f"{member} is not in the table as in version {version} of the roster: name, agency or"
            " roles.",
        ),
        Words(
            f"Kembalikan barisnya; atau undang lagi dengan kunci baru: --again {member}.",
            f"Put the row back; or invite that person again, with new keys: --again {member}.",
        ),
    )


def _refused(problem: Words, hint: Words) -> Refused:
    return Refused(PolicyCode.INVITE_ROSTER, problem, hint)
