"""Write down every file that a process opens: `PADAN_WATCH` names where.

On PYTHONPATH this module is imported at the start of every Python process. Each line is
the home folder of the process and the path that it opened.
"""

import os
import sys

_LOG = os.environ.get("PADAN_WATCH")
_EVENTS = frozenset({"open", "sqlite3.connect", "os.listdir", "os.scandir", "os.rename"})

if _LOG:
    _HANDLE = os.open(_LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    _HOME = os.environ.get("PADAN_HOME", "-")

    def _watch(event: str, arguments: tuple[object, ...]) -> None:
        if event not in _EVENTS or not arguments:
            return
        path = arguments[0]
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if isinstance(path, str):
            path = os.path.abspath(path.removeprefix("file:").split("?")[0])  # noqa: PTH100 - no links
            os.write(_HANDLE, f"{_HOME}\t{path}\n".encode())

    sys.addaudithook(_watch)
