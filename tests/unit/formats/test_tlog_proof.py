"""A proof of a log's entry as a text: what we write reads back, and nothing else passes."""

from __future__ import annotations

import pytest

from policy.base.errors import BadInput
from policy.formats.tlog_proof import TlogProof, parse_tlog_proof

NOTE = "padan/proyek\n9\nAAAA\n\n— padan/proyek BBBB\n"
PROOF = TlogProof(7, (b"\x01" * 32, b"\x02" * 32), NOTE)


def test_a_proof_reads_back() -> None:
    for proof in (PROOF, TlogProof(0, (), NOTE)):
        assert parse_tlog_proof(proof.text().encode()) == proof
    extra = PROOF.text().replace("index", "extra AAAA\nindex", 1)
    assert parse_tlog_proof(extra.encode()) == PROOF, "extra data of others is not ours to judge"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("@v1", "@v2"),
        ("index 7", "index 07"),
        ("index 7", "index -7"),
        ("index 7\n", ""),
        ("AQEBAQ", "AQEBA*"),
        ("AQEBAQ", "AQEB"),
        ("\n\n", "\n"),
    ],
)
def test_another_text_is_refused(before: str, after: str) -> None:
    text = PROOF.text()
    assert before in text
    wrong = text.replace(before, after)
    with pytest.raises(BadInput):
        parse_tlog_proof(wrong.encode())


def test_bytes_and_long_paths_are_refused() -> None:
    for data in (b"", b"\xff\xfe", TlogProof(1, (b"\x01" * 32,) * 65, NOTE).text().encode()):
        with pytest.raises(BadInput):
            parse_tlog_proof(data)
