"""The law of a project's life: which statement may follow which, and who may make it.

The service applies the law before it appends a statement, every client applies it to what it
downloads, and the auditor applies it to an evidence bundle: one law, three readers.

    roster     first, by both authorities; since the second law also later, to replace the
               roster in force (`policy.members.succession`); has all members that the
               charter names
    charter    each party once, all the same bytes; a new version (an amendment) once all
               signed the charter in force, not during the key ceremony, with the same terms
    epoch      the service, once all parties signed the charter
    probe      a party or an auditor, after the charter
    exception  a data protection officer named in the charter, after the charter; since the
               second law for at most a year, and not from an agency that gains by it
    exception-ended
               any such officer, once
    commit     each party once; the run gate passes; all its datasets, counts in window
    reveal     all have committed, and all parties cosigned a checkpoint over that
    confirm    all have revealed
    bundle     all have confirmed the same keys, under a cosigned checkpoint;
               equal to the commitment; once for each dataset
    intake     the service, for a bundle or delta that it opened and found as declared
    delta      the party that owns the dataset; names the current bundle or delta, under
               a cosigned checkpoint; the run gate passes; counts add up and lie in window
    withdraw   the party that owns the dataset; its bundle is in
    order      all bundles are in; the run gate passes; spends budget
    budget     the service, once for each order: what the parties ordered elsewhere
    run        the service; as ordered, over the rows current at the order; the order under
               a cosigned checkpoint
    handed-over
               the service, to an auditor not of a data owner's agency: all bundles so far
    rerun      an auditor not of a data owner's agency, once for each run, and again for
               later stages; the run and the named stages under a cosigned checkpoint
    request    a run has finished; spends budget
    stage      the service; one file for each requested dataset and domain; nothing
               withdrawn since the order; since an earlier staged run no row changed or
               at least k rows
    approval   an approver or DPO; the stage under a cosigned checkpoint; no second yes after
               a withdrawal; since the second law a yes comes from a person who neither
               runs nor audits the service (`policy.members.separation`)
    approval-withdrawn
               the approver of that yes, before the decision
    decision   the service; once for each release; names all approvals not withdrawn
    receipt    the recipient, once for each file; of the staged file, or of another one;
               the decision under a cosigned checkpoint
    review-approval
               an approver or DPO of the agency that opened the files of that dataset
    reviewed   the recipient, once for each release and dataset; these figures approved at
               its own agency, under a cosigned checkpoint; no count below the smallest cell
    transfer   since the third law: the owner of a dataset or its recipient; columns that the
               charter lets them share, in a released domain of both alone
    transfer-vote
               an approver or the DPO of the sender, not the requester; the request under a
               cosigned checkpoint; a no is final
    transfer-sent
               the owner, once, while every rule of the transfer holds; the votes under a
               cosigned checkpoint
    transfer-receipt
               the recipient, once, before it expires; of the file that was sent; the sending
               under a cosigned checkpoint
    destroyed  the service or a party, of its own things, all that the log shows; the
               service not before the date; no hold on them. Also after the charter expired
    hold       a DPO, auditor or authority; a walidata party on its own things
    hold-lifted
               the member who placed the hold, or its office or agency if the hold does
               not cover them

After the service attested that the epoch's key or the encodings are destroyed, and after their due
day, there are no further bundles, orders, runs and stages.

No statement is appended twice. Every statement except roster and charter comes from a member that
the roster in force at that entry allows to sign on its day. Every statement except the roster is
bound to the project, epoch, charter and roster in force. `policy.law.conditions` defines "under a
cosigned checkpoint"; here that checkpoint is also no larger than the log was when the next step was
appended.

The second law also uses witnesses' times:

- A receipt needs a decision and votes that a quorum saw while they could be given.
- The service's attestation needs a due day that two witnesses confirm.

The second law also limits what one party may do:

- Several proposals of one version may compete.
- Before there are keys, the others can drop a silent party; a project of two can end (`padan/end`).
- A stage names the rows that left since its run, and is repeated if more rows leave.
- Each agency signs a probe report once.
- No statement contains data of a person, and no member makes too many (`versions.EVERY`).

The third law also lets a recipient say what a review in the field counted (`policy.law.reviews`).

Each phase of a project has its own file here; `versions.STEPS` says which function judges which
statement under which law.
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
    """Append a statement that the law allows; raises Refused, NotYet or WrongKey otherwise."""
    require_lawful(project, statement, cosigned)
    return project.add(statement)


def require_lawful(
    project: Project, statement: Statement, cosigned: Sequence[CosignedSize]
) -> None:
    """Checks that the statement may come next; raises Refused, NotYet or WrongKey."""
    require_allowed(project, require_belonging(project, statement), statement, cosigned)


def require_allowed(
    project: Project, sender: Member, statement: Statement, cosigned: Sequence[CosignedSize]
) -> None:
    """Checks that this sender may make this statement now; raises Refused or NotYet."""
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
    """The law that judges a statement: a charter's own law, else that of the charter in force."""
    if isinstance(statement.body, CharterBody):
        return statement.body.law
    return project.charter.law if project.of(CharterBody) else FIRST_LAW


def require_belonging(project: Project, statement: Statement) -> Member:
    """Checks signature, sender and binding against roster and project; returns the sender."""
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
