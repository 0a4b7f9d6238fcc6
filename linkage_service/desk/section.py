"""The page of the service, added to the local pages of policy.ui."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from linkage_service.desk.operator import ServiceOperator
from policy.base.words import Words
from policy.terminal.local_page.controls import Table
from policy.terminal.local_page.rail import RailStep
from policy.ui.pages.frame import ApproverFrame
from policy.ui.routes import AddedSection

ADDRESS = "/service"
_CLOSING = Words(
    "Menutup program ini menghentikan layanan: tidak ada yang dapat bergabung, mengirim, atau"
    " mengambil sampai layanan dijalankan lagi.",
    "Closing this program stops the service: nobody can join, send or fetch until the service is"
    " started again.",
)


def service_section(operator: ServiceOperator) -> AddedSection:
    step = RailStep("service", Words("Layanan", "Service"), ADDRESS)
    room = "linkage_service.desk"
    return AddedSection(
        step,
        room,
        lambda frame: ServicePages(frame, operator).table,
        lambda: _CLOSING if operator.serves else None,
    )


class ServicePages:
    """Starts and stops the service, and tells what it does."""

    def __init__(self, frame: ApproverFrame, operator: ServiceOperator) -> None:
        self._frame, self._operator = frame, operator

    @property
    def table(self) -> Table:
        return (
            ("GET", ADDRESS, self.show),
            ("POST", ADDRESS, self.start),
            ("POST", f"{ADDRESS}/stop", self.stop),
            ("GET", f"{ADDRESS}/watch", self.watch),
        )

    def show(self, request: Request) -> Response:
        operator = self._operator
        serving = operator.serving
        return self._frame.show(
            request,
            "service",
            state=operator.state,
            seen=self._token(),
            address=operator.address(self._frame.desk.unlocked()),
            first_link=serving.first_link if serving is not None else None,
            taken=list(reversed(operator.told)),
            failed=operator.failed,
            run=operator.run,
        )

    def start(self, request: Request) -> Response:
        desk = self._frame.desk
        return self._frame.do(
            request, "service", lambda: self._operator.start(desk.unlocked()), ADDRESS
        )

    def stop(self, request: Request) -> Response:
        return self._frame.do(request, "service", self._operator.stop, ADDRESS)

    def watch(self) -> Response:
        return JSONResponse({"state": self._token()})

    def _token(self) -> str:
        operator = self._operator
        failed = operator.failed.code if operator.failed else ""
        tiles = operator.run.tiles_done if operator.run else ""
        return f"{operator.state}.{len(operator.told)}.{failed}.{tiles}"
