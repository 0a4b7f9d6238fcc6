"""Whether a service can work: a `PartCheck` for its disk, database, store, keys, roster,
clock and logs.

    checks    the judgements: from facts to a `PartCheck`, without I/O
    looking   reads the facts of a service: `look(service)`
    lately    the last look, for callers who ask often

A text names what is wrong and what to do, and never a project, a member, a path or a secret.
"""

from linkage_service.readiness.checks import PartCheck, is_ready
from linkage_service.readiness.lately import Lately
from linkage_service.readiness.looking import look

__all__ = ["Lately", "PartCheck", "is_ready", "look"]
