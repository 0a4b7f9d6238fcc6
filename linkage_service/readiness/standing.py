"""A service's standing in numbers, for its metrics: sums over all projects."""

from __future__ import annotations

from sqlalchemy import func, select

from linkage_service import logs
from linkage_service.observing.metrics import Gauges
from linkage_service.readiness.lately import Lately
from linkage_service.service import Service
from linkage_service.storage.records.tables import leaves, runs


def standing(service: Service, lately: Lately) -> Gauges:
    """Empty where the database does not answer: then `ready` says so."""
    found = lately.checks()
    states: dict[str, int] = {}
    entries = 0
    try:
        with service.ledger.database.reading() as connection:
            by_state = select(runs.c.state, func.count()).group_by(runs.c.state)
            states = {str(state): int(count) for state, count in connection.execute(by_state)}
            entries = int(connection.execute(select(func.count()).select_from(leaves)).scalar_one())
    except Exception as error:  # of a driver, whose text may have values
        logs.failed("metrics.database", error)
    disk = next((dict(each.facts) for each in found if each.name == "disk"), {})
    return Gauges(states, entries, {each.name: each.ok for each in found}, disk)
