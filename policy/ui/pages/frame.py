"""What every page of the approver shares."""

from __future__ import annotations

from typing import Any

from policy.base.words import Words
from policy.terminal.local_page.frame import PageFrame as LocalFrame
from policy.terminal.local_page.rail import RailStep
from policy.ui.desk import ApproverDesk
from policy.ui.words import PAGE_WORDS

# The sections on top of every page.
SECTIONS = (
    RailStep("overview", Words("Rilis", "Releases"), "/releases"),
    RailStep("file", Words("Berkas", "Files"), "/file"),
    RailStep("charter", Words("Piagam", "Charter"), "/charter"),
)


class ApproverFrame(LocalFrame):
    """Shows one person's pages."""

    def __init__(self, desk: ApproverDesk) -> None:
        super().__init__("policy.ui", PAGE_WORDS)
        self.desk = desk

    def common(self) -> dict[str, Any]:
        return {
            "unlocked": self.desk.me is not None,
            "desk": self.desk,
            "member": self.desk.home.member(),
            "rail": SECTIONS,
            "up_next": None,
        }

    def address(self, name: str) -> str:
        return "/unlock" if name == "unlock" else "/file" if name == "file" else "/releases"
