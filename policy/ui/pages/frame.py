"""What every page of the approver shares."""

from __future__ import annotations

from typing import Any

from policy.base.words import Words
from policy.terminal.local_page.frame import PageFrame as LocalFrame
from policy.ui.desk import ApproverDesk
from policy.ui.words import PAGE_WORDS

WAYS: tuple[tuple[str, str, Words], ...] = (
    ("overview", "/releases", Words("Rilis", "Releases")),
    ("file", "/file", Words("Berkas", "Files")),
    ("charter", "/charter", Words("Piagam", "Charter")),
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
            "ways": WAYS,
        }

    def address(self, name: str) -> str:
        return "/unlock" if name == "unlock" else "/file" if name == "file" else "/releases"
