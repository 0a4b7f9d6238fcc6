"""Files that people carry: a request to decide, a draw of rows and its answer; and a log page."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from policy.base.errors import BadInput
from policy.formats.ask import Ask, TransferAsk
from policy.formats.log_page import LogPage
from policy.formats.opened_leaves import OpenedLeaf, OpenedLeaves, parse_draw, parse_opened

PAGE = '{"checkpoint":"padan/p\\n1\\n","cosigned":["note"],"entries":["e30="],"seen":3}'
FIRST_PAGE = PAGE.replace(',"seen":3', "")
ASK = (
    '{"facts":{"dinsos-approver":"e30="},"log":' + FIRST_PAGE + ',"project":"p","release":"rilis",'
    '"roster":"' + "ab" * 32 + '","type":"padan/ask","version":1}'
)
TRANSFER_ASK = (
    '{"log":' + FIRST_PAGE + ',"project":"p","roster":"' + "ab" * 32 + '","transfer":"atribut-1",'
    '"type":"padan/transfer-ask","version":1}'
)
DRAW = (
    '{"checkpoint":"note","commitment":"' + "cd" * 32 + '","dataset":"dtks","positions":[4],'
    '"project":"p","rows":9,"type":"padan/leaf-draw","version":1}'
)
LEAF = (
    '{"fields":["SITI","1985"],"handle":"' + "01" * 16 + '","nonce":"' + "02" * 16 + '",'
    '"position":4,"proof":["' + "ef" * 32 + '"],"record_id":"A-1","row":"' + "03" * 32 + '",'
    '"slot":null}'
)
OPENED = (
    '{"columns":["nama","tahun"],"draw":' + DRAW + ',"key":"' + "04" * 32 + '","leaves":['
    "" + LEAF + '],"type":"padan/opened-leaves","version":1}'
)


@pytest.mark.parametrize("text", [PAGE, FIRST_PAGE])
def test_a_log_page_keeps_its_bytes(text: str) -> None:
    assert LogPage.model_validate_json(text).canonical() == text.encode()


def test_a_request_keeps_its_bytes() -> None:
    assert Ask.model_validate_json(ASK).canonical() == ASK.encode()
    assert TransferAsk.model_validate_json(TRANSFER_ASK).canonical() == TRANSFER_ASK.encode()


def test_a_request_of_another_version_is_refused() -> None:
    with pytest.raises(ValidationError):
        Ask.model_validate_json(ASK.replace('"version":1', '"version":2'))


def test_a_draw_and_its_answer_keep_their_bytes() -> None:
    assert parse_draw(DRAW.encode()).canonical() == DRAW.encode()
    opened = parse_opened(OPENED.encode())
    assert isinstance(opened, OpenedLeaves)
    assert opened.canonical() == OPENED.encode()


def test_what_is_opened_is_not_shown_by_accident() -> None:
    leaf = OpenedLeaf.model_validate_json(LEAF)
    assert leaf.record_id == "A-1"
    assert "A-1" not in repr(leaf)
    assert "SITI" not in repr(leaf)
    assert "04" * 32 not in repr(parse_opened(OPENED.encode()))


@pytest.mark.parametrize("data", [b"", b"{}", OPENED[:-1].encode()])
def test_what_is_no_draw_and_no_answer_is_refused(data: bytes) -> None:
    for parse, code in ((parse_draw, "leaf-draw"), (parse_opened, "opened-leaves")):
        with pytest.raises(BadInput) as caught:
            parse(data)
        assert caught.value.code == f"{code}.malformed"
