"""Step 2: which file, and which sheets of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from encoder.ui.pages.frame import OfficerFrame
from policy.base.errors import PadanError


class FilePages:
    """A file is dropped or named, and looked at before it is taken."""

    def __init__(self, frame: OfficerFrame) -> None:
        self._frame, self._officer = frame, frame.officer

    def facts(self) -> dict[str, Any]:
        officer = self._officer
        officer.session(network=False)
        chosen = officer.chosen
        readable = chosen is not None and chosen.file.is_file()
        sheets = officer.sheets() if readable else ()
        return {"chosen": chosen, "sheets": sheets}

    def keep(
        self,
        request: Request,
        file: UploadFile | None = None,
        path: Annotated[str, Form()] = "",
    ) -> Response:
        def act() -> None:
            if path.strip():
                self._officer.use_path(Path(path.strip()).expanduser())
            elif file is not None and file.filename:
                self._officer.keep_file(file.filename, file.file)
            else:
                self._officer.require_source()

        return self._then_columns(request, act)

    def choose_sheets(
        self,
        request: Request,
        sheet: Annotated[list[str] | None, Form()] = None,
        every: Annotated[str, Form()] = "",
    ) -> Response:
        """Those that are marked, or all that are not hidden."""

        def act() -> None:
            seen = (each.name for each in self._officer.sheets() if not each.hidden)
            self._officer.choose_sheets(tuple(seen if every else sheet or ()))

        return self._then_columns(request, act)

    def use_as_it_is(self, request: Request) -> Response:
        return self._then_columns(request, self._officer.use_as_it_is)

    def _then_columns(self, request: Request, act: Callable[[], None]) -> Response:
        """On to the columns, unless a sheet has to be chosen before."""
        try:
            act()
        except PadanError as error:
            return self._frame.refused(request, error, self._frame.address("file"))
        chosen = self._officer.chosen
        asks = chosen is not None and chosen.asks_sheet
        return RedirectResponse("/step/file#sheets" if asks else "/step/columns", 303)
