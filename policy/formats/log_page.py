"""A part of a project's log, as the service sends it; a home folder keeps a whole log so.

    entries       leaves from some index on, each an envelope in base64 (`policy.crypto.envelope`)
    checkpoint    the newest checkpoint, a signed note (`policy.log.note`)
    cosigned      notes of checkpoints that witnesses cosigned, at most two for each size
    seen          how many changes of cosigned notes the service has counted; missing in
                  pages of earlier builds
    more          the log goes on after this page, whose checkpoint is that of its own end

JSON; in a home folder canonical JSON.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, ValidationError

from policy.base.canonical import Model, sha256
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words


class LogPage(Model):
    """Entries, the newest checkpoint, and checkpoints that witnesses cosigned.

    A client that names `seen` in its next request gets only the notes that changed since. A page
    without `seen` has the first note of each size, as earlier builds expect.
    """

    entries: tuple[str, ...]
    checkpoint: str
    cosigned: tuple[str, ...]
    seen: int | None = Field(default=None, exclude_if=lambda seen: seen is None)
    more: bool = Field(default=False, exclude_if=lambda more: not more)


def state_tag(checkpoint: str, seen: int) -> str:
    """The ETag (RFC 9110) of a log with this newest checkpoint and number of changes of notes.

    Cosignatures on the checkpoint do not count: service and reader compute the same tag.
    """
    text = checkpoint.partition("\n\n")[0]
    digest = sha256(b"%s\n%d" % (text.encode(), seen))
    return f'"{digest}"'


def parse_page(data: bytes) -> LogPage:
    """Read a page; raises BadInput."""
    try:
        return LogPage.model_validate_json(data)
    except ValidationError:
        raise BadInput(
            PolicyCode.LOG_COPY,
            Words("Bagian log ini rusak.", "This part of a log is malformed."),
            Words("Kirim sekali lagi.", "Send it again."),
        ) from None


def merged(pages: Sequence[LogPage]) -> LogPage:
    """Consecutive pages as one: the page that ends where the last one ends."""
    return LogPage(
        entries=tuple(entry for page in pages for entry in page.entries),
        checkpoint=pages[-1].checkpoint,
        cosigned=tuple(dict.fromkeys(note for page in pages for note in page.cosigned)),
        seen=pages[-1].seen,
    )
