"""What `padan-linkage run-status` shows: parties are not told how many tiles a run has."""

from __future__ import annotations

import pytest

from linkage_service.cli import coordinate


class Service:
    """Answers every request with `said`."""

    said = b""

    def __init__(self, *_: object) -> None:
        pass

    def get(self, _: str) -> bytes:
        return self.said


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ('"tiles_done":1,"tiles_total":4,"error":null,"reason":null', ", tiles 1/4"),
        ("", ""),
    ],
)
def test_a_party_and_a_coordinator_read_the_state_of_a_run(
    said: str, shown: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fields = ",".join(part for part in ('"run":"satu","state":"running"', said) if part)
    monkeypatch.setattr(Service, "said", f"{{{fields}}}".encode())
    monkeypatch.setattr(coordinate, "Session", Service)
    monkeypatch.setattr("policy.terminal.console.unlocked", lambda: None)
    monkeypatch.setattr("policy.base.words._chosen", "en")
    coordinate.run_status("jakarta", "satu")
    assert capsys.readouterr().out == f"satu: running{shown}\n"
