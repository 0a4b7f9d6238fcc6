"""A part of a project's log, as the service sends it; a home folder keeps a whole log so.

    entries       leaves from some index on, each an envelope in base64 (`policy.crypto.envelope`)
    checkpoint    the newest checkpoint, a signed note (`policy.log.note`)
    cosigned      notes of checkpoints that witnesses cosigned, at most two for each size
    seen          how many changes of cosigned notes the service has counted; missing in
                  pages of earlier builds

JSON; in a home folder canonical JSON.
"""

from __future__ import annotations

from pydantic import Field

from policy.base.canonical import Model


class LogPage(Model):
    """Entries, the newest checkpoint, and checkpoints that witnesses cosigned.

    A client that names `seen` in its next request gets only the notes that changed since. A page
    without `seen` has the first note of each size, as earlier builds expect.
    """

    entries: tuple[str, ...]
    checkpoint: str
    cosigned: tuple[str, ...]
    seen: int | None = Field(default=None, exclude_if=lambda seen: seen is None)
