"""PKCS#11 tokens of the tests' own: SoftHSM from Debian, in a folder of this process."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

LABELS = ("padan", "lain")
PIN, WRONG_PIN = "87654321", "11112222"
_SO_PIN = "12345678"
_MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")
_CONF = """\
directories.tokendir = {folder}
objectstore.backend = file
log.level = ERROR
"""


@dataclass(frozen=True)
class Tokens:
    """The library, and a file with the PIN of all its tokens."""

    module: Path
    pin: Path


def soft_tokens(folder: Path) -> Tokens:
    """Make the tokens; skips the test without SoftHSM. A process reads its library's settings
    once, so the folder is one for the whole session."""
    module = next((Path(each) for each in _MODULES if Path(each).exists()), None)
    if module is None:
        pytest.skip("SoftHSM is not installed: apt-get install softhsm2")
    pytest.importorskip("pkcs11", reason='python-pkcs11 is missing: pip install "padan[pkcs11]"')
    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(_CONF.format(folder=folder / "tokens"))
    os.environ["SOFTHSM2_CONF"] = str(conf)
    for label in LABELS:
        command = ["softhsm2-util", "--init-token", "--free", "--label", label]
        pins = ["--so-pin", _SO_PIN, "--pin", PIN]
        subprocess.run([*command, *pins], check=True, capture_output=True)
    pin = folder / "pin"
    pin.write_text(f"{PIN}\n")
    return Tokens(module, pin)
