"""Published test vectors of every algorithm that Padan uses, on this machine's library."""

from __future__ import annotations

from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from policy.base.words import Words
from policy.crypto.keys import HPKE, SealKey, seal_public_key
from policy.terminal.checks import SelfCheck, holds

_REMEDY = Words(
    "Pasang ulang paket 'cryptography' dari roda (wheel) yang dikunci uv.lock.",
    "Install the package 'cryptography' again from the wheel that uv.lock names.",
)


def check_vectors() -> list[SelfCheck]:
    """One check for each algorithm."""
    return [
        holds(
            f"crypto.{name}",
            _computes(vector),
            Words(f"{name}: vektor uji cocok", f"{name}: test vector agrees"),
            _REMEDY,
        )
        for name, vector in VECTORS.items()
    ]


def _computes(vector: Callable[[], bool]) -> bool:
    try:
        return vector()
    except Exception:  # an algorithm that this build of the library lacks
        return False


def _sha256() -> bool:
    """FIPS 180-4, the message `abc`."""
    made = hashes.Hash(hashes.SHA256())
    made.update(b"abc")
    said = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    return made.finalize().hex() == said


def _hkdf() -> bool:
    """RFC 5869, appendix A.1."""
    made = HKDF(hashes.SHA256(), 42, bytes(range(13)), bytes(range(0xF0, 0xFA)))
    said = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    return made.derive(b"\x0b" * 22).hex() == said


def _ed25519() -> bool:
    """RFC 8032, section 7.1, test 2."""
    key = Ed25519PrivateKey.from_private_bytes(
        bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    )
    said = (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    return key.sign(b"\x72").hex() == said


def _aes256() -> bool:
    """FIPS 197, appendix C.3."""
    cipher = Cipher(algorithms.AES(bytes(range(32))), modes.ECB())  # noqa: S305 - one block
    made = cipher.encryptor().update(bytes.fromhex("00112233445566778899aabbccddeeff"))
    return made.hex() == "8ea2b7ca516745bfeafc49904b496089"


def _chacha20_poly1305() -> bool:
    """RFC 8439, section 2.8.2: the tag."""
    text = (
        b"Ladies and Gentlemen of the class of '99: If I could offer you "
        b"only one tip for the future, sunscreen would be it."
    )
    made = ChaCha20Poly1305(bytes(range(0x80, 0xA0))).encrypt(
        bytes.fromhex("070000004041424344454647"), text, bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
    )
    return made[-16:].hex() == "1ae10b594f09e26a7e902ecbd0600691"


def _argon2id() -> bool:
    """RFC 9106, section 5.3."""
    made = Argon2id(
        salt=b"\x02" * 16,
        length=32,
        iterations=3,
        lanes=4,
        memory_cost=32,
        ad=b"\x04" * 12,
        secret=b"\x03" * 8,
    )
    said = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
    return made.derive(b"\x01" * 32).hex() == said


def _hpke() -> bool:
    """A seal opens with its key and context, and with no other context."""
    key = SealKey.generate()
    sealed = HPKE.encrypt(b"selftest", seal_public_key(key.public_bytes()), info=b"right")
    opens = HPKE.decrypt(sealed, key.hpke(), info=b"right") == b"selftest"
    try:
        HPKE.decrypt(sealed, key.hpke(), info=b"wrong")
    except (InvalidTag, ValueError):
        return opens
    return False


VECTORS: dict[str, Callable[[], bool]] = {
    "SHA-256": _sha256,
    "HKDF": _hkdf,
    "Ed25519": _ed25519,
    "AES-256": _aes256,
    "ChaCha20-Poly1305": _chacha20_poly1305,
    "Argon2id": _argon2id,
    "HPKE (ML-KEM-768, X25519)": _hpke,
}
