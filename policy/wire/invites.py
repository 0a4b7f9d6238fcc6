"""An invite by its code: the whole code has it, the short one says where to fetch it."""

from __future__ import annotations

from policy.base.error_codes import PolicyCode
from policy.base.errors import Unreachable, Unverified
from policy.base.words import Words
from policy.formats.http_api import API
from policy.joining.code import ShortCode, fingerprint_of, is_whole, normal, of_code, read_short
from policy.joining.invite import open_invite
from policy.wire.http import send
from policy.wire.signed_requests import Message


def invite_by_code(text: str) -> bytes:
    """The invite's file; empty for a whole code that is damaged.

    Raises BadInput for a short code with a typing error, Unreachable if no service answers at its
    address, and Unverified for an answer that is another file or the invite of another address.
    """
    if is_whole(text):
        return of_code(text)
    code = read_short(text)
    data = _fetched(code)
    if fingerprint_of(data) != code.fingerprint:
        raise _other_file()
    if normal(open_invite(data).body.url) != code.url:
        raise _other_address()
    return data


def _fetched(code: ShortCode) -> bytes:
    try:
        return send(Message("GET", f"{code.url}{API}/invites/{code.fingerprint}", {}, b""))
    except Unreachable as error:
        raise Unreachable(
            PolicyCode.INVITE_FETCH,
            Words(
                f"Undangan dari kode itu belum dapat diambil. {error.problem.id}",
                f"The invite of this code cannot be fetched yet. {error.problem.en}",
            ),
            Words(
                "Periksa alamat di kode dan jaringan komputer ini. Bila layanan belum berjalan,"
                " tunggu sampai koordinator menjalankannya; atau minta berkas undangannya.",
                "Check the address in the code, and this computer's network. If the service is not"
                " running yet, wait until the coordinator has started it; or ask for the file of"
                " the invite.",
            ),
        ) from None


def _other_file() -> Unverified:
    return Unverified(
        PolicyCode.INVITE_OTHER_FILE,
        Words(
            "Alamat di kode itu memberi berkas lain, bukan undangan dari kode itu.",
            "The address in the code gave another file, and not the invite of this code.",
        ),
        Words(
            "Jangan teruskan; telepon koordinator, dan samakan alamatnya.",
            "Do not go on; call the coordinator, and compare the address.",
        ),
    )


def _other_address() -> Unverified:
    return Unverified(
        PolicyCode.INVITE_ADDRESS,
        Words(
            "Alamat di kode itu bukan alamat layanan di undangannya.",
            "The address in the code is not the service's address in the invite.",
        ),
        Words(
            "Jangan teruskan; telepon koordinator, dan minta dibacakan alamatnya.",
            "Do not go on; call the coordinator, and have the address read to you.",
        ),
    )
