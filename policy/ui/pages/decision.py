"""What the pages of a release and of a transfer share: where it comes from, and a signed form."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response

from policy.base.errors import PadanError
from policy.ui.pages.frame import ApproverFrame


class DecisionPages(ABC):
    """The same page for what waits at the service and for what a carried file asks."""

    def __init__(self, frame: ApproverFrame) -> None:
        self._frame = frame

    def online(self, request: Request, project: str, name: str) -> Response:
        return self._show(request, project, name, carried=False)

    def carried(self, request: Request, project: str, name: str) -> Response:
        return self._show(request, project, name, carried=True)

    def sign_online(
        self,
        request: Request,
        project: str,
        name: str,
        act: Annotated[str, Form()] = "",
        seen: Annotated[str, Form()] = "",
        passphrase: Annotated[str, Form()] = "",
    ) -> Response:
        return self._decide(request, (project, name), (act, seen, passphrase), carried=False)

    def sign_carried(
        self,
        request: Request,
        project: str,
        name: str,
        act: Annotated[str, Form()] = "",
        seen: Annotated[str, Form()] = "",
        passphrase: Annotated[str, Form()] = "",
    ) -> Response:
        return self._decide(request, (project, name), (act, seen, passphrase), carried=True)

    def _decide(
        self,
        request: Request,
        about: tuple[str, str],
        given: tuple[str, str, str],
        *,
        carried: bool,
    ) -> Response:
        """Sign what was chosen; without a known choice, show the page again."""
        (project, name), (act, seen, passphrase) = about, given
        if act not in self.acts:
            return self._show(request, project, name, carried=carried)
        back = self._address(project, name, carried=carried)
        try:
            self._sign(project, name, (act, seen, passphrase.encode()), carried=carried)
        except PadanError as error:
            return self._frame.refused(request, error, back)
        return Response(status_code=303, headers={"location": back})

    @property
    @abstractmethod
    def acts(self) -> tuple[str, ...]:
        """What can be chosen on the page."""

    @abstractmethod
    def _show(self, request: Request, project: str, name: str, *, carried: bool) -> Response: ...

    @abstractmethod
    def _sign(
        self, project: str, name: str, given: tuple[str, str, bytes], *, carried: bool
    ) -> None:
        """Sign the choice; `given` is the choice, the digest that was seen, and the passphrase."""

    @abstractmethod
    def _address(self, project: str, name: str, *, carried: bool) -> str: ...


def attachment(data: bytes, name: str) -> Response:
    """Bytes that the browser saves under this name."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type="application/octet-stream", headers=headers)
