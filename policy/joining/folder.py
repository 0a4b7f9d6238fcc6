"""What a home folder keeps while people join a project: `HOME/joining/PROJECT/`.

At the inviter, whose service shows it to those who answered:

    plan.json          the plan of people
    before.json        the roster in force, if the people of the plan come later
    charter.json       the draft of the charter
    numbers.json       number and last day of each person's newest invite
    answers/ID.json    the answers
    invites/*.padan    the current invites by fingerprint, for those who have the short code
    roster.json        the roster with the signatures so far

At an invited person:

    invite.padan       the invite
    charter.json       the draft, as the service showed it last
    compared.json      the digest of the roster whose words this person compared
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from policy.base.canonical import HexDigest, Model, b64, canonical_json, is_identifier
from policy.base.error_codes import PolicyCode
from policy.base.errors import NotYet, Refused, WrongKey
from policy.base.files import read_file, write_file
from policy.base.words import Words
from policy.crypto.envelope import Signature
from policy.joining.code import fingerprint_of, is_fingerprint
from policy.joining.gathering import Gathering, Record, signatures_on, signed_roster, someone_else
from policy.joining.invite import Invite, InviteAnswer, last_day, open_answer, open_invite
from policy.joining.plan import Plan
from policy.members.home import Home
from policy.members.roster import Member, Roster, open_roster, parse_roster

_FOLDER = "joining"


class Numbered(Model):
    """The number and the last day of a person's newest invite."""

    number: int
    expires: date


class Invited(Model):
    """The newest invite of each person, by member id."""

    newest: dict[str, Numbered]


@dataclass(frozen=True)
class JoiningFolder:
    """One project's folder of one home."""

    home: Home
    project: str

    @property
    def path(self) -> Path:
        return self.home.path / _FOLDER / self.project

    # -- at an invited person -------------------------------------------------------------------

    def keep_invite(self, invite: Invite) -> None:
        write_file(self.path / "invite.padan", invite.data)

    def invite(self) -> Invite | None:
        """The invite that this person accepted; None if there is none."""
        file = self.path / "invite.padan"
        return open_invite(read_file(file)) if file.exists() else None

    def keep_compared(self, digest: HexDigest) -> None:
        write_file(self.path / "compared.json", canonical_json(digest))

    def has_compared(self, digest: HexDigest) -> bool:
        """Whether this person has compared the words of this roster with others."""
        file = self.path / "compared.json"
        return file.exists() and read_file(file) == canonical_json(digest)

    # -- at both --------------------------------------------------------------------------------

    def keep_charter(self, draft: dict[str, Any] | None) -> None:
        if draft is not None:
            write_file(self.path / "charter.json", canonical_json(draft))

    def charter(self) -> dict[str, Any] | None:
        """The draft of the charter; None if there is none."""
        file = self.path / "charter.json"
        return dict(json.loads(read_file(file))) if file.exists() else None

    # -- at the inviter -------------------------------------------------------------------------

    def publish(
        self, plan: Plan, today: date, again: Iterable[str] = (), before: bytes | None = None
    ) -> Invited:
        """Keep the plan, and number the invites; those named in `again` get a new number.

        The answers of people who are invited again no longer count. A changed plan gives everybody
        a new invite. `before` is the roster in force; then only those who come later are invited.
        """
        known, replaced = self.invited().newest, set(again)
        if self.plan() not in (plan, None):
            replaced |= set(known)
        newest = {}
        for each in plan.invited(parse_roster(before)[0] if before else None):
            last, number = known.get(each.id), 1
            if last is not None and each.id not in replaced and today <= last.expires:
                newest[each.id] = last
                continue
            if last is not None:
                number = last.number + (each.id in replaced)
            newest[each.id] = Numbered(number=number, expires=last_day(today))
        invited = Invited(newest=newest)
        for member in replaced:
            (self.path / "answers" / f"{member}.json").unlink(missing_ok=True)
        if replaced:
            (self.path / "roster.json").unlink(missing_ok=True)
        if before is not None:
            write_file(self.path / "before.json", before)
        write_file(self.path / "plan.json", plan.canonical())
        write_file(self.path / "numbers.json", invited.canonical())
        return invited

    def offer(self, invites: Iterable[bytes]) -> None:
        """Keep these invites, and no earlier ones, for those who have the short code."""
        offered = {f"{fingerprint_of(each)}.padan": each for each in invites}
        for file in self._offered.glob("*.padan"):
            if file.name not in offered:
                file.unlink(missing_ok=True)
        for name, data in offered.items():
            if not (self._offered / name).exists():
                write_file(self._offered / name, data)

    def offered(self, fingerprint: str) -> bytes | None:
        """The current invite with this fingerprint; None if there is none."""
        file = self._offered / f"{fingerprint}.padan"
        return read_file(file) if is_fingerprint(fingerprint) and file.exists() else None

    @property
    def _offered(self) -> Path:
        return self.path / "invites"

    @property
    def is_open(self) -> bool:
        """Whether this home has invited to the project."""
        return is_identifier(self.project) and (self.path / "plan.json").exists()

    def plan(self) -> Plan | None:
        """The plan of people; None before anybody was invited."""
        if not self.is_open:
            return None
        return Plan.model_validate_json(read_file(self.path / "plan.json"))

    def take_answer(self, answer: InviteAnswer, me: Member, today: date) -> None:
        """Keep an answer to one of this home's invites; the same one again changes nothing.

        Raises Refused for an answer to another invite, Unverified for a second card of a person.
        """
        plan, body, member = self._open_plan(), answer.invite.body, answer.card.id
        newest, before = self.invited().newest.get(member), self.before()
        inviter = me if before is None else before.service()
        if body.inviter != inviter or body.project != plan.project:
            raise _not_invited()
        if body.plan != plan.digest() or newest is None or newest.number != body.number:
            raise _replaced()
        known = self.gathering().card(member)
        if known == answer.card:
            return
        if known is not None:
            raise someone_else(member)
        answer.invite.require_current(today)
        write_file(self.path / "answers" / f"{member}.json", answer.data)

    def before(self) -> Roster | None:
        """The roster in force to which the people of the plan come; None for the first roster."""
        plan = self._open_plan()
        if plan.after is None:
            return None
        return open_roster(read_file(self.path / "before.json"), plan.after)

    def gathering(self) -> Gathering:
        """Who has answered so far."""
        plan, before = self._open_plan(), self.before()
        files = ((self.path / "answers" / f"{each.id}.json") for each in plan.invited(before))
        answers = tuple(open_answer(read_file(each)) for each in files if each.exists())
        return Gathering(plan, answers, before)

    def take_signatures(self, data: bytes) -> None:
        """Keep an authority's signature on the roster.

        Raises NotYet while somebody is missing, WrongKey without a valid signature.
        """
        gathering = self.gathering()
        if gathering.missing():
            raise awaited(tuple(each.id for each in gathering.missing()))
        roster = gathering.roster()
        found = signatures_on(roster, data)
        if not found:
            raise WrongKey(
                PolicyCode.JOINING_SIGNATURE,
                Words(
                    "Tanda tangan itu bukan milik otoritas, atau atas daftar orang yang lain.",
                    "This signature is no authority's, or is on another list of people.",
                ),
                Words(
                    "Jalankan lagi 'padan-policy accept', dan bandingkan kata-katanya lagi.",
                    "Run 'padan-policy accept' again, and compare the words again.",
                ),
            )
        write_file(self.path / "roster.json", signed_roster(roster, self._signatures() | found))

    def signed(self) -> bytes | None:
        """The roster once both authorities have signed it."""
        gathering = self.gathering()
        if gathering.missing():
            return None
        signatures = self._signatures()
        if len(signatures) < len(gathering.authorities):
            return None
        return signed_roster(gathering.roster(), signatures)

    def record(self) -> Record:
        """What is shown to those who answered."""
        gathering, file = self.gathering(), self.path / "roster.json"
        later = gathering.before is not None
        return Record(
            before=b64(read_file(self.path / "before.json")) if later else None,
            plan=gathering.plan,
            answers=tuple(b64(each.data) for each in gathering.answers),
            roster=b64(read_file(file)) if file.exists() else None,
            charter=self.charter(),
        )

    def _signatures(self) -> dict[str, Signature]:
        file = self.path / "roster.json"
        return signatures_on(self.gathering().roster(), read_file(file) if file.exists() else None)

    def _open_plan(self) -> Plan:
        plan = self.plan()
        if plan is None:
            raise _not_invited()
        return plan

    def invited(self) -> Invited:
        """The newest invite of each person."""
        file = self.path / "numbers.json"
        if not file.exists():
            return Invited(newest={})
        return Invited.model_validate_json(read_file(file))


def joining_folders(home: Home) -> list[JoiningFolder]:
    """The projects to which this home has invited or was invited."""
    found = sorted((home.path / _FOLDER).glob("*/"))
    return [JoiningFolder(home, each.name) for each in found]


def inviting_folders(home: Home) -> list[JoiningFolder]:
    """The projects to which this home has invited, the newest plan last."""
    found = [each for each in joining_folders(home) if each.is_open]
    return sorted(found, key=lambda each: (each.path / "plan.json").stat().st_mtime_ns)


def awaited(members: Iterable[str]) -> NotYet:
    names = ", ".join(members)
    return NotYet(
        PolicyCode.JOINING_AWAITED,
        Words(f"Belum bergabung: {names}.", f"Not joined yet: {names}."),
        Words(
            "Ingatkan mereka. Dengan --watch perintah ini meneruskan sendiri; tanpa itu, jalankan"
            " lagi.",
            "Remind them. With --watch this command goes on by itself; without, give it again.",
        ),
    )


def _not_invited() -> Refused:
    return Refused(
        PolicyCode.JOINING_NOT_INVITED,
        Words(
            "Undangan ini bukan dari layanan ini, atau bukan untuk proyek ini.",
            "This invite is not from this service, or not for this project.",
        ),
        Words(
            "Periksa apakah Anda memakai undangan yang dikirim koordinator proyek ini.",
            "Check that you use the invite that this project's coordinator sent.",
        ),
    )


def _replaced() -> Refused:
    return Refused(
        PolicyCode.INVITE_REPLACED,
        Words("Undangan ini sudah diganti yang baru.", "This invite was replaced by a newer one."),
        Words(
            "Minta undangan terbaru kepada koordinator. Bila Anda sudah di roster yang berlaku,"
            " simpan roster itu: 'padan-policy join --service ALAMAT --roster-digest SIDIK'.",
            "Ask the coordinator for the newest. If you are in the roster in force, keep that"
            " roster: 'padan-policy join --service URL --roster-digest DIGEST'.",
        ),
    )
