"""A part of a project's log as it travels, and as a member's home folder keeps all of it."""

from __future__ import annotations

from pydantic import Field

from policy.canonical import Model


class LogPage(Model):
    """Entries from some place on, the newest checkpoint, and checkpoints that witnesses cosigned.

    `cosigned` has at most two notes of one size (`policy.log.first_and_newest`). `seen` counts
    the changes of cosigned notes at the service: who says it in the next request is sent only
    notes that changed since. A page without it has all first notes, as earlier builds knew them.
    """

    entries: tuple[str, ...]
    checkpoint: str
    cosigned: tuple[str, ...]
    seen: int | None = Field(default=None, exclude_if=lambda seen: seen is None)
