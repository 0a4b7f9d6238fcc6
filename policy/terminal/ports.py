"""Opens a port of this machine to listen on, or explains why it cannot."""

from __future__ import annotations

import errno
import os
import socket

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words

# On Windows, SO_REUSEADDR lets two programs share a port; elsewhere it only skips a wait.
_REUSED = os.name != "nt"


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens at this address; raises BadInput if another program uses it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio leaves its delays on: 40 ms an answer.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if _REUSED:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen()
    except OSError as error:
        found.close()
        raise _refused(host, port, error) from None
    return found


def _refused(host: str, port: int, error: OSError) -> BadInput:
    if error.errno == errno.EADDRINUSE:
        return BadInput(
            PolicyCode.PORT_TAKEN,
            Words(
                f"Porta {port} di {host} sudah dipakai program lain.",
                f"Another program has port {port} of {host} already.",
            ),
            Words(
                "Pilih porta lain dengan --port, atau hentikan program itu. Halaman lokal memilih"
                " sendiri dengan --port 0.",
                "Choose another one with --port, or end that program. A local page chooses by"
                " itself with --port 0.",
            ),
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return BadInput(
            PolicyCode.PORT_FORBIDDEN,
            Words(
                f"Sistem tidak mengizinkan porta {port}.", f"The system does not allow port {port}."
            ),
            Words("Pilih porta 1024 ke atas.", "Choose a port of 1024 or more."),
        )
    return _no_address(host)


def _no_address(host: str) -> BadInput:
    return BadInput(
        PolicyCode.PORT_ADDRESS,
        Words(f"{host} bukan alamat komputer ini.", f"{host} is not an address of this computer."),
        Words("Pakai 127.0.0.1 atau alamat komputer ini.", "Use 127.0.0.1 or an own address."),
    )
