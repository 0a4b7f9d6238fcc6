"""A passphrase in the memory of the Linux kernel, for one user and until a time.

For machines without a keyring of the desktop, such as servers. The kernel itself forgets a key at
its time and when the machine ends; it is on no disk, also not in swap. Like an agent for ssh, it
does not protect from programs of the same user, nor from the administrator of the machine.

The library is the system's own `libkeyutils`; without it, or where a container forbids the calls,
nothing is held.
"""

from __future__ import annotations

import ctypes
import platform
from functools import cache

_TYPE, _NAME = b"user", b"padan:passphrase"
# keyrings by their special numbers (keyctl(2)): of this process, and of this user
_OF_PROCESS, _OF_USER = -2, -4
_ALL_TO_HOLDER_AND_USER = 0x3F3F0000  # nothing to the group, nothing to others
_MOST_BYTES = 4096


@cache
def _library() -> ctypes.CDLL | None:
    if platform.system() != "Linux":
        return None
    try:
        found = ctypes.CDLL("libkeyutils.so.1", use_errno=True)
        found.keyctl_read.restype = ctypes.c_long
    except (OSError, AttributeError):
        return None
    return found


def is_there() -> bool:
    """Whether this kernel holds keys for this user: one is put there and taken away."""
    library = _library()
    if library is None:
        return False
    key = _made(library, b"padan:test", b"x")
    return key is not None and library.keyctl_revoke(key) == 0


def hold(secret: bytes, seconds: int) -> bool:
    """Hold the secret for this number of seconds, in place of any other; returns whether it does.

    It is given its end before this user's other programs can find it.
    """
    library = _library()
    if library is None or not 0 < len(secret) <= _MOST_BYTES or seconds < 1:
        return False
    key = _made(library, _NAME, secret)
    if key is None:
        return False
    held = (
        library.keyctl_set_timeout(key, ctypes.c_uint(seconds)) == 0
        and library.keyctl_setperm(key, ctypes.c_uint32(_ALL_TO_HOLDER_AND_USER)) == 0
        and library.keyctl_link(key, _OF_USER) == 0
    )
    library.keyctl_unlink(key, _OF_PROCESS)
    return bool(held)


def held() -> bytes | None:
    """The secret; None if none is held, or its time is over."""
    library = _library()
    key = None if library is None else _found(library)
    if library is None or key is None:
        return None
    room = ctypes.create_string_buffer(_MOST_BYTES)
    size = library.keyctl_read(key, room, _MOST_BYTES)
    return room.raw[:size] if 0 < size <= _MOST_BYTES else None


def forget() -> bool:
    """Take the secret away; returns whether there was one."""
    library = _library()
    key = None if library is None else _found(library)
    if library is None or key is None:
        return False
    return bool(library.keyctl_revoke(key) == 0)


def _made(library: ctypes.CDLL, name: bytes, secret: bytes) -> int | None:
    """A new key that this process alone can find."""
    key = library.add_key(_TYPE, name, secret, ctypes.c_size_t(len(secret)), _OF_PROCESS)
    return None if key < 0 else int(key)


def _found(library: ctypes.CDLL) -> int | None:
    key = library.keyctl_search(_OF_USER, _TYPE, _NAME, 0)
    return None if key < 0 else int(key)
