"""Addresses of this room, who opens them, and where a person goes on to."""

from __future__ import annotations

from policy.base.words import Words

SIGN_IN, SET_UP, NEW_ACCOUNT, ACCOUNT = "/masuk", "/akun/atur", "/akun/baru", "/akun"
HOME = "/"  # where a person arrives after signing in: the page of their roles

ANYONE = Words("siapa pun", "anyone")
INVITED = Words("pemegang kode sekali pakai", "holders of a one-time code")


def safe(path: str) -> str:
    """A path of this service to go on to, never another site."""
    ours = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if ours and path.isprintable() else HOME
