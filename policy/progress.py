"""Where a project stands: its steps, and who has taken each."""

from __future__ import annotations

from policy.project import Project, body_of
from policy.statements import (
    Accepted,
    CharterBody,
    Committed,
    Confirmed,
    Decided,
    Revealed,
    RunFinished,
)


def steps_done(state: Project) -> list[tuple[bool, str, str]]:
    """(all have done it, step, who has) in the order of the protocol."""
    charter = state.charter
    parties = set(charter.party_ids)
    rows = []
    for kind in (CharterBody, Committed, Revealed, Confirmed):
        done = {e.statement.sender for e in state.of(kind)}
        rows.append((parties <= done, kind.TYPE.removeprefix("padan/"), ", ".join(sorted(done))))
    bundles = sorted(body_of(e, Accepted).dataset for e in state.of(Accepted))
    rows.append((set(charter.dataset_ids) <= set(bundles), "bundle", ", ".join(bundles)))
    runs = sorted(e.statement.binding.run for e in state.of(RunFinished))
    rows.append((bool(runs), "run", ", ".join(runs)))
    decided = [body_of(e, Decided) for e in state.of(Decided)]
    verdicts = ", ".join(f"{d.release}: {d.verdict}" for d in decided)
    rows.append((bool(decided), "decision", verdicts))
    return rows
