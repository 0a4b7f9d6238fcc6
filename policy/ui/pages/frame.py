"""What every page of the approver shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from policy.base.words import Words
from policy.terminal.local_page.frame import PageFrame as LocalFrame
from policy.terminal.local_page.rail import RailStep
from policy.ui.desk import ApproverDesk
from policy.ui.words import PAGE_WORDS

# The sections on top of every page; the first one at the operator of a service alone.
PEOPLE = RailStep("invites", Words("Orang", "People"), "/people")
SECTIONS = (
    RailStep("overview", Words("Rilis", "Releases"), "/releases"),
    RailStep("file", Words("Berkas", "Files"), "/file"),
    RailStep("charter", Words("Piagam", "Charter"), "/charter"),
)


class ApproverFrame(LocalFrame):
    """Shows one person's pages. Another program may add sections, and a room with templates.

    `closing` says what else ends when the program is closed.
    """

    def __init__(
        self,
        desk: ApproverDesk,
        *more_rooms: str,
        sections: tuple[RailStep, ...] = (),
        closing: Callable[[], Words | None] = lambda: None,
    ) -> None:
        super().__init__("policy.ui", PAGE_WORDS, *more_rooms)
        self.desk, self._sections, self._closing = desk, sections, closing

    def common(self) -> dict[str, Any]:
        home = self.desk.home
        member = home.member() if home.identity_path.exists() else None
        operates = member is not None and member.has("service")
        return {
            "unlocked": self.desk.me is not None,
            "desk": self.desk,
            "member": member,
            "rail": self._rail(operates=operates) if operates or home.has_joined else (),
            "up_next": None,
            "closing": self._closing(),
        }

    def _rail(self, *, operates: bool) -> tuple[RailStep, ...]:
        return ((PEOPLE,) if operates else ()) + self._sections + SECTIONS

    def address(self, name: str) -> str:
        return "/unlock" if name == "unlock" else "/file" if name == "file" else "/releases"
