"""The law of a project's life: which statement may follow which, and who may make it.

The service applies it before it appends, every client applies it to what it
downloads, the auditor applies it to an evidence bundle: one law, three readers.

    roster     first, both authorities; from the second law on also later, in the place of the
               one in force (`policy.members.succession`); it has all whom the charter names
    charter    each party once, all the same bytes; a new version (an amendment) once all have
               signed the one in force, not during the key ceremony, and with the same terms
    epoch      the service, once all parties signed the charter
    probe      a party or an auditor, after the charter
    exception  a data protection officer whom the charter names, after the charter; from the
               second law on for a year at most, and of no agency that gains by it
    exception-ended
               any such officer, once
    commit     each party once; the run gate holds; all its datasets, counts in window
    reveal     all have committed, and all parties cosigned a checkpoint over that
    confirm    all have revealed
    bundle     all have confirmed the same keys, under a cosigned checkpoint;
               equal to what was committed; once a dataset
    intake     the service, for a bundle or delta that it opened and found as declared
    delta      the party that owns the dataset; names the bundle or delta that stands, under
               a cosigned checkpoint; the run gate holds; counts add up and lie in window
    withdraw   the party that owns the dataset; its bundle is in
    order      all bundles are in; the run gate holds; spends budget
    budget     the service, once an order: what the parties ordered elsewhere
    run        the service; as ordered, over what stood then; the order under a cosigned
               checkpoint
    handed-over
               the service, to an auditor of no data owner's agency, of all bundles that are in
    rerun      an auditor of no data owner's agency, once a run, and again for later stages;
               the run and the stages it names under a cosigned checkpoint
    request    a run has finished; spends budget
    stage      the service; one file for each dataset and domain requested; nothing
               withdrawn since the order; k rows or none changed since a run staged before
    approval   an approver or DPO; the stage under a cosigned checkpoint; after a withdrawal
               no other yes; from the second law on a yes comes from a person who neither
               runs nor audits the service (`policy.members.separation`)
    approval-withdrawn
               whoever gave that yes, before the decision
    decision   the service; once a release; names all approvals that were not withdrawn
    receipt    the recipient, once a file; of the staged file, or that it is another;
               the decision under a cosigned checkpoint
    destroyed  the service or a party, of its own, all that the log shows; the service
               not before its date; no hold on it. Also after the charter has expired
    hold       a DPO, auditor or authority; a walidata party on what is its own
    hold-lifted  who placed the hold, or its office or agency if the hold covers them not

Once the service attested that the epoch's key or the encodings are gone, and from their
due day on, there are no more bundles, orders, runs and stages.

No statement is appended twice. Every one but the roster and the charter comes from a member
whom the roster in force where it stands lets sign on its day, and all but the roster are bound
to the project, epoch, charter and roster in force. "Under a cosigned checkpoint" is said in
`policy.law.conditions`; here that checkpoint is also no larger than the log was when the next step
was appended.

The second law also asks witnesses for the time: a receipt needs a decision, and votes, that a
quorum saw while they could be given, and the service's attestation a due day that two witnesses
confirm. It bounds what one party may do: proposals of a version may compete, and a silent party is
dropped or a project of two ended (`padan/end`) before there are keys; a stage names the rows that
left since its run and is done anew where more leave; a probe report is signed once an agency; no
statement is of a person, or one too many (`versions.EVERY`).

Each phase of a life has a file of its own here; `versions.STEPS` says which statement is whose,
under which law.
"""

from __future__ import annotations

from collections.abc import Sequence

from policy.base.error_codes import PolicyCode
from policy.charter import FIRST_LAW, LawId
from policy.crypto.envelope import verify
from policy.gates.rules.case import day_of
from policy.law.conditions import require_first_time
from policy.law.step import Step
from policy.law.versions import EVERY, STEPS
from policy.members.roster import Member
from policy.members.succession import signing_keys
from policy.project import Entry, Project, refused
from policy.statements import CharterBody, RosterBody, Statement
from policy.witnessing.cosigned import CosignedSize


def append(project: Project, statement: Statement, cosigned: Sequence[CosignedSize]) -> Entry:
    """Append if the law allows; raises Refused, NotYet or WrongKey otherwise."""
    require_lawful(project, statement, cosigned)
    return project.add(statement)


def require_lawful(
    project: Project, statement: Statement, cosigned: Sequence[CosignedSize]
) -> None:
    """The statement may come next; raises Refused, NotYet or WrongKey."""
    require_allowed(project, require_belonging(project, statement), statement, cosigned)


def require_allowed(
    project: Project, sender: Member, statement: Statement, cosigned: Sequence[CosignedSize]
) -> None:
    """What this sender says may be said now; raises Refused or NotYet."""
    require_first_time(project.holds(statement.digest))
    law, step = law_of(project, statement), Step(project, sender, statement, cosigned)
    allow = STEPS[law].get(type(statement.body))
    if allow is None:
        raise refused(
            PolicyCode.PROJECT_TYPE, "Jenis tidak dikenal.", "This type is not known here."
        )
    for require in EVERY[law]:
        require(step)
    allow(step, statement.body)


def law_of(project: Project, statement: Statement) -> LawId:
    """The law that judges a statement: its own if it is a charter, else the charter's in force."""
    if isinstance(statement.body, CharterBody):
        return statement.body.law
    return project.charter.law if project.of(CharterBody) else FIRST_LAW


def require_belonging(project: Project, statement: Statement) -> Member:
    """Signature, sender and binding fit roster, project, epoch and charter; the sender."""
    binding, body = statement.binding, statement.body
    if isinstance(body, RosterBody):
        verify(statement.envelope, signing_keys(project.roster if project.size else body, body))
        return body.member(binding.sender)
    sender = project.roster.member(binding.sender)
    if not isinstance(body, CharterBody):
        sender = project.roster.valid_member(binding.sender, day_of(body.at))
    verify(statement.envelope, {sender.id: sender.signing_public()})
    own = isinstance(body, CharterBody)
    charter = body if isinstance(body, CharterBody) else project.charter
    if (
        binding.project != charter.project
        or binding.epoch != charter.epoch
        or binding.charter != (statement.body_digest if own else project.charter_digest)
        or binding.roster != project.roster_digest
    ):
        raise refused(
            PolicyCode.PROJECT_BINDING,
            "Pernyataan ini milik proyek, periode kunci, piagam, atau roster lain.",
            "This statement belongs to another project, epoch, charter or roster.",
        )
    return sender
