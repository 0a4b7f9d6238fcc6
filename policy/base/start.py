"""How a console script loads its command line."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Import without garbage collection.

    Modules create many objects, and nearly all of them stay until the process ends. Looking for
    garbage among them takes a sixth of the start of a command.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # later collections leave these objects out as well
        gc.enable()
