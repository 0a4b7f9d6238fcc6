"""Standard output and error in difficult states: a narrow encoding, a full disk, closed.

1. A character that the encoding lacks becomes plain letters, or an escape.
2. If nobody reads any more (`| head`), the command ends quietly, as Unix tools do.
3. If the disk is full, standard error gets an error message.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words

PIPE_CLOSED = 141  # 128 + SIGPIPE
_PLAIN = {
    **{"✓": "v", "✗": "x", "·": "-", "•": "-", "→": "->", "…": "...", "±": "+-"},
    **{"≥": ">=", "≤": "<=", "−": "-", "–": "-", "—": "-", "×": "x"},
    **{"“": '"', "”": '"', "‘": "'", "’": "'", "\u2011": "-", "\u00a0": " "},
}
_ERRORS = "padan-plain"


def prepare_streams() -> None:
    """No character stops a command, whatever the encoding of the console or the pipe."""
    _replace_closed()
    codecs.register_error(_ERRORS, _in_plain_letters)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_ERRORS)


def _replace_closed() -> None:
    """Redirect a stream that the caller closed (`>&-`) to the null device.

    Otherwise the next opened file would get the stream's number.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            mode = "w" if number else "r"
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123


def writes_unicode(stream: TextIO) -> bool:
    """Whether the stream can encode every character."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return codecs.lookup(encoding).name.startswith("utf")


@contextmanager
def answering() -> Iterator[None]:
    """Wraps everything that is written to standard output."""
    try:
        yield
    except BrokenPipeError:
        _drop_output()
        raise SystemExit(PIPE_CLOSED) from None
    except OSError as error:
        _drop_output()
        raise _no_output(error) from None


def _drop_output() -> None:
    """Drop what is still buffered for standard output, without an error at exit."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _no_output(error: OSError) -> BadInput:
    reason = error.strerror or type(error).__name__
    return BadInput(
        PolicyCode.OUTPUT_UNWRITABLE,
        Words(
            f"Jawaban tidak dapat ditulis ke keluaran standar ({reason}).",
            f"The answer cannot be written to standard output ({reason}).",
        ),
        Words(
            "Kosongkan ruang disk atau alihkan ke tempat lain. Perintahnya mungkin sudah selesai:"
            " periksa dahulu dengan 'padan-policy status'.",
            "Free some space, or redirect to another place. The command itself may be done: look"
            " first with 'padan-policy status'.",
        ),
    )


def _in_plain_letters(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(each) or _escaped(each) for each in text), error.end


def _escaped(character: str) -> str:
    return character.encode("ascii", "backslashreplace").decode()
