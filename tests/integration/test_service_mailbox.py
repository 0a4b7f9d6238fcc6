"""The mailbox holds the seals that were revealed, until all hold the keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from encoder.encoding.project_keys import seal_shares
from policy.base.errors import Refused
from policy.statements import Revealed
from tests.support.service import PARTIES, Town


def test_seals_stay_as_they_were_revealed(
    tmp_path: Path, new_database_url: Callable[[], str]
) -> None:
    """A reveal that is repeated, as after a lost answer, takes no seal away from a peer."""
    town = Town(tmp_path, database_url=new_database_url())
    with town.serving():
        town.sign_charter()
        town.commit()
        for party in PARTIES:
            town.reveal(party)
        with pytest.raises(Refused) as caught:
            town.reveal("bps")
        assert caught.value.code == "service.revealed"
        town.confirm()  # each opens the seals that it finds, and they are the logged ones

        session = town.synced("bps")
        seals = seal_shares(session.project, "bps", town.shares["bps"], town.keys["bps"].signing)
        path = f"/projects/{town.project_id}/mailbox"
        late = seals["dinsos"].canonical()
        with pytest.raises(Refused):
            session.put(f"{path}/dinsos", late)
        assert town.session("dinsos").get(path) == b"{}", "nothing is left for a later attack"
        assert len(session.project.of(Revealed)) == 3
