"""One running service: its ledger, its storage, and its operations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import delete, select

from linkage_service.error_codes import ServiceCode
from linkage_service.intake.bundles import Intake
from linkage_service.intake.named import named_by
from linkage_service.intake.other_projects import ordered_elsewhere, require_few_open
from linkage_service.intake.present_rows import check_delta, check_withdrawn
from linkage_service.runs.workflow import Runs
from linkage_service.settings import Settings
from linkage_service.storage import uploads
from linkage_service.storage.blobs import Blobs
from linkage_service.storage.give_back import give_back
from linkage_service.storage.keystore import Keystore
from linkage_service.storage.ledger import Append, Ledger
from linkage_service.storage.nonces import Nonces
from linkage_service.storage.opening import open_blobs, stored_blobs
from linkage_service.storage.records import open_database
from linkage_service.storage.records.read_only import look_into
from linkage_service.storage.records.tables import mailbox, openings
from linkage_service.storage.roster_succession import hand_on_rosters
from linkage_service.storage.tokens import open_token
from policy.base.canonical import b64, sha256
from policy.base.clocks import Clock, require_near, system_clock
from policy.base.errors import Refused
from policy.base.words import Words
from policy.crypto.envelope import Envelope, parse_envelope
from policy.crypto.sealing import seal
from policy.crypto.vault import Vault
from policy.formats.http_api import CoarseCount
from policy.formats.log_page import LogPage
from policy.gates.bands import coarse_counts
from policy.gates.facts import OpenedFacts, RunFacts
from policy.members.entitled import may_read
from policy.members.home import Unlocked
from policy.members.roster import Member
from policy.project import Entry, Project
from policy.project.recipients import facts_binding, may_open_facts, require_bands
from policy.retention import require_not_destroyed
from policy.statements import (
    CARRIED,
    Accepted,
    Body,
    BundleManifest,
    CharterBody,
    Confirmed,
    Counted,
    Delta,
    EpochOpened,
    Revealed,
    RunFinished,
    RunOrder,
    SealedRows,
    Statement,
    Withdrawn,
    parse_statement,
)


@dataclass
class Service:
    """Everything that the API uses. The application holds it, and its runs."""

    settings: Settings
    me: Unlocked
    ledger: Ledger
    nonces: Nonces
    blobs: Blobs
    keystore: Keystore
    intake: Intake
    clock: Clock
    runs: Runs

    @classmethod
    def open(cls, settings: Settings, me: Unlocked, clock: Clock = system_clock) -> Service:
        """Open storage and keys by the settings; runs wait for `runs.at_work`."""
        keystore = Keystore(Vault(settings.keystore, me.keys.storage), open_token(settings.token))
        ledger = Ledger(database=open_database(settings.database_url), me=me, clock=clock)
        blobs = open_blobs(settings, ledger)
        hand_on_rosters(ledger)
        intake = Intake(blobs, keystore, clock)
        runs = Runs(settings, ledger, blobs, intake, clock)
        nonces = Nonces.of(ledger.database)
        return cls(settings, me, ledger, nonces, blobs, keystore, intake, clock, runs)

    @classmethod
    def to_look_at(cls, settings: Settings, me: Unlocked, clock: Clock = system_clock) -> Service:
        """The service as it is stored: nothing is migrated, made, handed on or written.

        Raises as `open` does; a step that would write raises too.
        """
        keystore = Keystore(Vault(settings.keystore, me.keys.storage), open_token(settings.token))
        ledger = Ledger(database=look_into(settings.database_url), me=me, clock=clock)
        blobs = stored_blobs(settings)
        intake = Intake(blobs, keystore, clock)
        runs = Runs(settings, ledger, blobs, intake, clock)
        nonces = Nonces(ledger.database.engine)
        return cls(settings, me, ledger, nonces, blobs, keystore, intake, clock, runs)

    @cached_property
    def reservations(self) -> uploads.Reservations:
        """Room for uploads, as long as no statement names them."""
        return uploads.Reservations(self.ledger.database)

    def close(self) -> None:
        self.nonces.close()
        self.ledger.database.close()

    # -- statements -----------------------------------------------------------------------

    def receive(self, project_id: str, member: Member, data: bytes) -> Entry:
        """Append a member's statement; the service's own statements never come from outside.

        Any member who may read the log may deliver an approver's statement: the signature on it
        is the approver's.
        """
        statement = parse_statement(data)
        if statement.sender == self.me.member.id or not (
            statement.sender == member.id or self._may_carry(project_id, member, statement)
        ):
            raise _refused(
                ServiceCode.SERVICE_SENDER,
                "Pengirim permintaan bukan penanda tangan pernyataan.",
                "The sender of the request is not the signer of the statement.",
            )
        known = self._logged(project_id, statement)
        if known is not None:
            return known
        _require_recent(statement, self.clock())
        # Reading rows takes time, so it is done before the log is locked.
        checked_at = self._check_rows(project_id, statement)
        with self.ledger.appending(project_id, vouched=True) as append:
            if isinstance(statement.body, CharterBody):
                if statement.body.project != project_id:
                    raise _refused(
                        ServiceCode.SERVICE_PROJECT, "Proyeknya lain.", "It is of another project."
                    )
                if append.replay.size == 0:
                    require_few_open(self.ledger.others(append), member.id)
                self.ledger.open_project(append)
            if isinstance(statement.body, SealedRows | Withdrawn):
                _require_same_rows(append.project, statement.body.dataset, checked_at)
            entry = append.statement(statement)
            named = named_by(project_id, entry.body, self.blobs)
            uploads.forget(append.connection, project_id, named)
            self._follow(append, statement)
        return entry

    def _logged(self, project_id: str, statement: Statement) -> Entry | None:
        """The entry of these very bytes, sent again because an answer was lost."""
        try:
            project = self.ledger.project(project_id)
        except Refused:
            return None
        if not project.holds(statement.digest):
            return None
        entry = project.entry(statement.digest)
        return entry if entry.statement.leaf == statement.leaf else None

    def take_back(self, project_id: str, member: Member, start: int, page: LogPage) -> int:
        """Take a part of the log from a member's copy; returns the log's size (`give_back`)."""
        size, entries = give_back(self.ledger, project_id, member, start, page)
        for entry in entries:
            if isinstance(entry.body, RunFinished):
                run = entry.statement.binding.run
                self.runs.states.is_in_the_log(project_id, run)
        return size

    def _may_carry(self, project_id: str, member: Member, statement: Statement) -> bool:
        if not isinstance(statement.body, CARRIED):
            return False
        project = self.ledger.project(project_id)
        roster = project.roster
        return roster.has_member(member.id) and may_read(
            project.charter, roster, roster.member(member.id)
        )

    def _check_rows(self, project_id: str, statement: Statement) -> int:
        """Check the claims of a bundle, delta or withdrawal about rows; returns the log's length.

        Skips the check if the law refuses the statement anyway: its sender has sent nothing, or an
        unknown statement came first. Raises Refused or BadInput.
        """
        body = statement.body
        if not isinstance(body, SealedRows | Withdrawn):
            return 0
        project = self.ledger.project(project_id)
        size = project.size
        if project.charter.dataset(body.dataset).owner != statement.sender:
            return size
        stands = project.commitments().get(body.dataset)
        if isinstance(body, BundleManifest) and stands is None:
            self.intake.check(project, body)
        elif isinstance(body, Delta) and stands is not None and stands.digest == body.replaces:
            check_delta(project, self.intake, body)
        elif isinstance(body, Withdrawn) and stands is not None:
            check_withdrawn(project, self.intake, body)
        return size

    def _follow(self, append: Append, statement: Statement) -> None:
        """Append the service's own statements in the transaction of the statement they answer."""
        project, now = append.project, self.clock()
        if isinstance(statement.body, CharterBody):
            # An amendment keeps the epoch, whose key may be destroyed by then.
            if project.in_force and not project.of(EpochOpened):
                charter = project.charter
                key = self.keystore.create(charter.project, charter.epoch)
                append.own(EpochOpened(at=now, service_key=b64(key.public_bytes())))
        elif isinstance(statement.body, RunOrder):
            self._count(append, statement)
        elif isinstance(statement.body, SealedRows):
            accepted = Accepted(at=now, dataset=statement.body.dataset, bundle=statement.digest)
            append.own(accepted)
        elif set(project.by_sender(Confirmed)) == set(project.charter.party_ids):
            # All parties have the keys: nobody needs the seals, and nobody should find them.
            box = delete(mailbox).where(mailbox.c.project == append.project_id)
            append.connection.execute(box)

    def _count(self, append: Append, order: Statement) -> None:
        """State these parties' orders in other projects, if the charter limits them."""
        charter = append.project.charter
        if charter.budget.across_charters is None:
            return
        now = self.clock()
        elsewhere = ordered_elsewhere(append.project, self.ledger.others(append), now)
        counted = Counted(at=now, order=order.digest, elsewhere=elsewhere)
        append.own(counted, run=order.binding.run)

    # -- mailbox: opaque bytes between agencies -------------------------------------------

    def post_seal(self, project_id: str, sender: str, recipient: str, data: bytes) -> None:
        """Keep a seal for a peer; the latest one before the reveal counts."""
        parties = self.ledger.project(project_id).charter.party_ids
        if sender not in parties or recipient not in parties or sender == recipient:
            raise _refused(
                ServiceCode.SERVICE_MAILBOX, "Hanya antarpihak.", "Between parties only."
            )
        parse_envelope(data)
        place = {"project": project_id, "sender": sender, "recipient": recipient}
        with self.ledger.appending(project_id) as append:
            revealed = append.project.by_sender(Revealed).get(sender)
            if revealed is not None:
                # A second seal now would replace the one that the peer waits for.
                _require_revealed(revealed, recipient, data)
            if set(append.project.by_sender(Confirmed)) == set(parties):
                return
            append.connection.execute(delete(mailbox).filter_by(**place))
            append.connection.execute(mailbox.insert().values(**place, seal=data))

    def seals_for(self, project_id: str, recipient: str) -> dict[str, bytes]:
        """The seals for one party whose digests are in the log."""
        logged = self.ledger.project(project_id).by_sender(Revealed)
        query = select(mailbox.c.sender, mailbox.c.seal).where(
            mailbox.c.project == project_id, mailbox.c.recipient == recipient
        )
        with self.ledger.database.reading() as connection:
            found = {sender: bytes(seal) for sender, seal in connection.execute(query)}
        return {
            sender: seal
            for sender, seal in found.items()
            if sender in logged and logged[sender].seals.get(recipient) == sha256(seal)
        }

    # -- facts ----------------------------------------------------------------------------

    def coarse(self, project_id: str, run: str, owner: str) -> tuple[CoarseCount, ...]:
        """A finished run's counts in bands; raises Refused if owners may not read them."""
        project = self.ledger.project(project_id)
        require_bands(project.charter)
        finished = project.run(run).require_finished().body
        facts = self.opened(project_id, finished.facts).facts
        assert isinstance(facts, RunFacts), "a run commits to the facts of a run"
        return coarse_counts(project.charter, facts, owner)

    def opened(self, project_id: str, commitment: str) -> OpenedFacts:
        query = select(openings.c.opened).filter_by(project=project_id, commitment=commitment)
        with self.ledger.database.reading() as connection:
            found = connection.execute(query).scalar()
        if found is None:
            require_not_destroyed(self.ledger.project(project_id), "openings")
            kept = self.ledger.openings.find(project_id, commitment)
            if kept is not None:
                return kept
            raise _refused(
                ServiceCode.SERVICE_FACTS, "Fakta itu tidak ada.", "There are no such facts."
            )
        return OpenedFacts.model_validate_json(found)

    def sealed_facts(self, project_id: str, commitment: str, recipient: str) -> Envelope:
        """The facts, sealed to one member who may see them; anyone may deliver them."""
        project = self.ledger.project(project_id)
        member = project.roster.member(recipient)
        if not may_open_facts(project, commitment, member):
            raise _refused(
                ServiceCode.SERVICE_FACTS_RECIPIENT,
                f"'{recipient}' tidak berhak membuka fakta ini.",
                f"'{recipient}' is not entitled to open these facts.",
            )
        opened = self.opened(project_id, commitment)
        binding = facts_binding(project, commitment, recipient)
        signing = self.me.under(project.roster).keys.signing
        return seal(opened.canonical(), member.seal_public(), binding, signing)


def _require_revealed(revealed: Revealed, recipient: str, data: bytes) -> None:
    if revealed.seals.get(recipient) != sha256(data):
        raise _refused(
            ServiceCode.SERVICE_REVEALED,
            "Langkah 'reveal' sudah dilakukan; segel di kotak surat tidak diganti.",
            "Step 'reveal' has been done already; the seals in the mailbox stay.",
        )


def _require_same_rows(project: Project, dataset: str, since: int) -> None:
    """Check that the dataset did not change while its rows were read."""
    for entry in project.entries[since:]:
        body = entry.statement.body
        if isinstance(body, SealedRows | Withdrawn) and body.dataset == dataset:
            raise _refused(
                ServiceCode.SERVICE_ROWS_CHANGED,
                "Sumber data ini berubah selagi diperiksa; kirim sekali lagi.",
                "The dataset changed while it was being checked; send again.",
            )


def _require_recent(statement: Statement, now: int) -> None:
    """Check that a statement's time is current; a hand-carried statement may be older."""
    body = statement.body
    if isinstance(body, Body) and not (isinstance(body, CARRIED) and body.at < now):
        require_near(ServiceCode.SERVICE_CLOCK, _STATEMENT, body.at, now)


_STATEMENT = Words("pernyataan", "the statement")


def _refused(code: str, indonesian: str, english: str) -> Refused:
    return Refused(
        code,
        Words(indonesian, english),
        Words(
            "Periksa jam, folder rumah, dan id proyek.",
            "Check the clock, the home folder and the project's id.",
        ),
    )
