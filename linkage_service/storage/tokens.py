"""A hardware token that speaks PKCS#11: one AES key for each epoch, which never leaves it.

The token encrypts the epoch's private key by AES-256-GCM, with the epoch's name as associated data.
Without the token's key object, no copy of the keystore's folder opens. The PIN comes from a file.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from linkage_service.error_codes import ServiceCode
from linkage_service.settings import TokenSettings
from policy.base.errors import BadInput, NotYet, WrongKey
from policy.base.extras import require_extra
from policy.base.files import read_file
from policy.base.words import Words

_NONCE_BYTES: Final = 12
_KEY_BITS: Final = 256


@dataclass
class Token:
    """The keys of one token. Made by `open_token`; operations of several threads take turns."""

    settings: TokenSettings
    _session: Any = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def wrap(self, name: str, secret: bytes) -> bytes:
        """Encrypt under the key of that name, which is drawn in the token if there is none."""
        from pkcs11 import Attribute, KeyType

        nonce = os.urandom(_NONCE_BYTES)
        with self._working() as session:
            key = self._key(session, name) or session.generate_key(
                KeyType.AES,
                _KEY_BITS,
                label=name,
                store=True,
                template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
            )
            return nonce + bytes(key.encrypt(secret, **_gcm(nonce, name)))

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """Decrypt; raises NotYet if the key is destroyed, WrongKey if the text is not its own."""
        from pkcs11.exceptions import EncryptedDataInvalid, EncryptedDataLenRange, GeneralError

        nonce, text = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
        with self._working() as session:
            key = self._key(session, name)
            if key is None:
                raise _destroyed(name)
            try:
                return bytes(key.decrypt(text, **_gcm(nonce, name)))
            except (EncryptedDataInvalid, EncryptedDataLenRange, GeneralError):
                raise _does_not_open(name) from None

    def has(self, name: str) -> bool:
        with self._working() as session:
            return self._key(session, name) is not None

    def destroy(self, name: str) -> None:
        """Delete the key object; harmless if there is none."""
        with self._working() as session:
            key = self._key(session, name)
            if key is not None:
                key.destroy()

    def _key(self, session: Any, name: str) -> Any:
        from pkcs11 import ObjectClass
        from pkcs11.exceptions import NoSuchKey

        try:
            return session.get_key(object_class=ObjectClass.SECRET_KEY, label=name)
        except NoSuchKey:
            return None

    @contextmanager
    def _working(self) -> Iterator[Any]:
        """The session, opened when it is first needed and again after the token was away."""
        from pkcs11.exceptions import PKCS11Error

        with self._lock:
            try:
                if self._session is None:
                    self._session = _log_in(self.settings)
                yield self._session
            except PKCS11Error:
                self._session = None
                raise _away(self.settings) from None


def open_token(settings: TokenSettings) -> Token | None:
    """The token of the settings, which must answer; None where no token is set."""
    if settings.module is None:
        return None
    require_extra("pkcs11", "pkcs11")
    if not settings.label or settings.pin is None:
        raise BadInput(
            ServiceCode.TOKEN_SETTINGS,
            Words("Label atau PIN token belum disebut.", "The token's label or PIN is not named."),
            Words(
                "Sebut --token-label dan --token-pin-file.",
                "Name them by --token-label and --token-pin-file.",
            ),
        )
    token = Token(settings)
    token.has("padan")
    return token


def _log_in(settings: TokenSettings) -> Any:
    import pkcs11
    from pkcs11.exceptions import (
        PinIncorrect,
        PinInvalid,
        PinLenRange,
        PinLocked,
        UserAlreadyLoggedIn,
    )

    assert settings.module is not None, "open_token looks"
    assert settings.pin is not None, "open_token looks"
    pin = _pin(settings.pin)
    token = pkcs11.lib(str(settings.module)).get_token(token_label=settings.label)
    try:
        return token.open(user_pin=pin, rw=True)
    except UserAlreadyLoggedIn:  # a login is the whole process's
        return token.open(rw=True)
    except (PinIncorrect, PinInvalid, PinLenRange, PinLocked):
        raise WrongKey(
            ServiceCode.TOKEN_PIN,
            Words("Token menolak PIN-nya.", "The token refuses its PIN."),
            Words(
                f"Periksa {settings.pin}. Setelah beberapa kali salah, token terkunci.",
                f"Check {settings.pin}. After some wrong ones a token locks itself.",
            ),
        ) from None


def _pin(path: Path) -> str:
    try:
        return read_file(path, limit=1024).decode().strip()
    except UnicodeDecodeError:
        return ""


def _gcm(nonce: bytes, name: str) -> dict[str, Any]:
    from pkcs11 import GCMParams, Mechanism

    return {
        "mechanism": Mechanism.AES_GCM,
        "mechanism_param": GCMParams(nonce, aad=name.encode()),
    }


def _away(settings: TokenSettings) -> NotYet:
    return NotYet(
        ServiceCode.TOKEN_AWAY,
        Words(
            f"Token PKCS#11 '{settings.label}' tidak menjawab, atau gagal.",
            f"The PKCS#11 token '{settings.label}' does not answer, or fails.",
        ),
        Words(
            f"Periksa token itu dan modulnya ({settings.module}), lalu ulangi.",
            f"Check the token and its module ({settings.module}), then try again.",
        ),
    )


def _destroyed(name: str) -> NotYet:
    return NotYet(
        ServiceCode.TOKEN_KEY_GONE,
        Words(
            f"Kunci token untuk '{name}' tidak ada lagi.",
            f"The token's key for '{name}' is gone.",
        ),
        Words(
            "Bila sudah dimusnahkan pada tanggalnya, penyandiannya tidak dapat dibuka lagi."
            " Bila belum, sambungkan token yang benar.",
            "If it was destroyed at its date, the encodings cannot be opened any more. If not,"
            " connect the right token.",
        ),
    )


def _does_not_open(name: str) -> WrongKey:
    return WrongKey(
        ServiceCode.TOKEN_CLOSED,
        Words(
            f"Kunci periode '{name}' tidak terbuka dengan token ini.",
            f"The epoch key '{name}' does not open with this token.",
        ),
        Words(
            "Pulihkan folder keystore yang cocok dengan token ini.",
            "Restore the folder keystore that fits this token.",
        ),
    )


def token_needed(name: str) -> NotYet:
    """The error for a wrapped key where no token is set."""
    return NotYet(
        ServiceCode.TOKEN_NEEDED,
        Words(
            f"Kunci periode '{name}' terkunci oleh token PKCS#11.",
            f"The epoch key '{name}' is locked by a PKCS#11 token.",
        ),
        Words(
            "Sebut --token-module, --token-label, dan --token-pin-file.",
            "Name --token-module, --token-label and --token-pin-file.",
        ),
    )
