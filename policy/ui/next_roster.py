"""The next roster at an authority's page: who comes later, and a signature for what was shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policy.base.canonical import HexDigest
from policy.base.error_codes import PolicyCode
from policy.base.errors import NotYet, Refused
from policy.base.words import Words
from policy.joining.folder import JoiningFolder, joining_folders
from policy.joining.spoken_words import require_same
from policy.members.home import Home, Unlocked
from policy.wire.newcomers import Coming, coming_to, is_authority, sign_next
from policy.wire.rosters import catch_up


@dataclass(frozen=True)
class HeardWords:
    """What an authority says of the words: that everybody new read the same, or which were read."""

    same: bool = False
    heard: str = ""


def all_coming(me: Unlocked, projects: Iterable[str]) -> dict[str, Coming]:
    """Who comes later, by project, also to those that have not begun; asks the service."""
    if not is_authority(me.home):
        return {}
    names = sorted({*projects, *(each.project for each in joining_folders(me.home))})
    found = {name: coming_to(me, name) for name in names}
    return {name: coming for name, coming in found.items() if coming is not None}


def sign_shown(
    home: Home, project: str, shown: HexDigest, compared: HeardWords, passphrase: bytes
) -> None:
    """Sign the roster that was shown; nothing if it is signed or in force already.

    Raises Refused if another one is next now, Unverified for other words than those that were read.
    """
    me = home.unlock(passphrase)
    coming = coming_to(me, project)
    if coming is None or me.member.id in coming.signed:
        catch_up(home)
        return
    if coming.roster is None or coming.roster.digest() != shown:
        raise _other_roster()
    if compared.heard.strip():
        require_same(compared.heard, shown)
    elif not compared.same:
        raise _not_compared()
    JoiningFolder(home, project).keep_compared(shown)
    sign_next(me, project, coming.roster)
    catch_up(home)


def _other_roster() -> Refused:
    return Refused(
        PolicyCode.UI_OTHER_STAGE,
        Words(
            "Yang tampil bukan daftar orang yang sekarang: ada yang berubah.",
            "What was shown is not the present list of people: something changed.",
        ),
        Words("Muat ulang halaman roster ini.", "Reload this page of the roster."),
    )


def _not_compared() -> NotYet:
    return NotYet(
        PolicyCode.JOINING_COMPARE,
        Words(
            "Kata rosternya belum Anda bandingkan.", "You have not compared the roster's words yet."
        ),
        Words(
            "Setiap orang baru membacakan kata itu lewat telepon; lalu tandai kotaknya.",
            "Everybody new reads these words by telephone; then mark the box.",
        ),
    )
