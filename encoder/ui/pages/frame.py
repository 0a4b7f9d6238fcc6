"""The common context of the officer's pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from encoder.error_codes import EncoderCode
from encoder.ui.hints import PAGE_WORDS
from encoder.ui.officer import Officer
from encoder.ui.rail import rail, up_next
from policy.base.errors import PadanError
from policy.base.words import Words
from policy.charter import Charter
from policy.terminal.local_page.frame import PageFrame as LocalFrame
from policy.terminal.local_page.jobs import Advance


class OfficerFrame(LocalFrame):
    """Shows one officer's pages, and takes their steps."""

    def __init__(self, officer: Officer) -> None:
        super().__init__("encoder.ui", PAGE_WORDS)
        self.officer = officer

    def common(self) -> dict[str, Any]:
        officer = self.officer
        if officer.me is None or not officer.home.has_joined:
            is_open = officer.me is not None
            return {"officer": officer, "unlocked": is_open, "charter": None, "rail": ()}
        return {
            "officer": officer,
            "unlocked": True,
            "charter": self._charter(),
            "rail": rail(officer),
            "up_next": up_next(officer),
        }

    def _charter(self) -> Charter | None:
        """The charter of the chosen project, for its title and those of its datasets."""
        try:
            return self.officer.latest().charter
        except PadanError:
            return None

    def address(self, name: str) -> str:
        return "/unlock" if name == "unlock" else f"/step/{name}"

    def refused(self, request: Request, error: PadanError, back: str) -> Response:
        """An error's page; without a project the way back is to the step that chooses one."""
        if error.code == EncoderCode.UI_PROJECT:
            back = self.address("project")
        return super().refused(request, error, back)

    def start(
        self,
        request: Request,
        step: str,
        title: Words,
        total: int | None,
        work: Callable[[Advance], Words],
    ) -> Response:
        """Begin work that takes long; its step's page shows how far it is."""
        return self.do(
            request, step, lambda: self.officer.work(step, title, total, work), f"/step/{step}"
        )
