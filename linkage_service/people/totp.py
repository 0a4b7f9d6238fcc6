"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes.

A code is good for its 30 seconds and one step before and after, and once: the step of the last
accepted code is kept, and no earlier one is accepted again.
"""

from __future__ import annotations

import base64
import hmac
import secrets

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from policy.base.canonical import sha256

STEP_SECONDS, DIGITS, SECRET_BYTES = 30, 6, 20
RECOVERY_CODES = 10
_RECOVERY_BYTES = 10  # 80 random bits: no salt and no slow hash needed


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def accepted_step(secret: bytes, code: str, now: int, last: int) -> int | None:
    """The time step of a valid code that is later than `last`; else None."""
    generator, found = _totp(secret), None
    for step in range(now // STEP_SECONDS - 1, now // STEP_SECONDS + 2):
        expected = generator.generate(step * STEP_SECONDS)
        if hmac.compare_digest(expected, code.encode()) and step > last:
            found = step
    return found


def address_of(secret: bytes, name: str, issuer: str) -> str:
    """The `otpauth:` address that an authenticator app reads from the QR code."""
    return _totp(secret).get_provisioning_uri(name, issuer)


def typed(secret: bytes) -> str:
    """The secret in base32, for apps that cannot read the QR code."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def recovery_codes() -> tuple[str, ...]:
    """New recovery codes, each good for one sign-in without the phone."""
    return tuple(_grouped(secrets.token_bytes(_RECOVERY_BYTES)) for _ in range(RECOVERY_CODES))


def one_time_code() -> str:
    """A new code that opens the setup of an account, once."""
    return _grouped(secrets.token_bytes(2 * _RECOVERY_BYTES))


def code_hash(code: str) -> str:
    """What is stored of a recovery code or one-time code, however it was typed."""
    return sha256("".join(each for each in code.upper() if each.isalnum()).encode())


def _grouped(data: bytes) -> str:
    text = base64.b32encode(data).decode().rstrip("=")
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _totp(secret: bytes) -> TOTP:
    # Authenticator apps know SHA-1 only; HMAC-SHA-1 is not broken.
    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303
