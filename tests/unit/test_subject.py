"""Requests of data subjects: their clock, their file, and what is found of a record."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from encoder.data_subject.actions import actions
from encoder.data_subject.tickets import Ticket, Tickets
from encoder.data_subject.trace import Trace
from encoder.store.handles import Handles
from encoder.store.prepared import PreparedDataset
from policy.base.errors import BadInput
from policy.charter import Ground
from policy.formats.release_file import MAGIC, SALT_BYTES, holds_handle
from policy.papers.rights import articles_of_requests, name_of_right, rights_under
from policy.papers.trail import batch, concerning
from policy.statements import Committed
from tests.support.republic import Republic, charter_tree

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def opened(folder: Path) -> Ticket:
    return Tickets(folder).open("jakarta-2026", "D-17", "restrict", NOW, {"dtks": 1})


def test_a_ticket_has_three_times_24_hours_and_nothing_of_the_person(tmp_path: Path) -> None:
    ticket = opened(tmp_path)
    path = tmp_path / "0001.json"
    written = json.loads(path.read_text())

    assert ticket.deadline == NOW + timedelta(hours=72)
    assert set(written) == {
        "type", "number", "project", "record_id", "right", "received", "found", "done",
    }  # fmt: skip
    assert Tickets(tmp_path).ids_file(1).read_text() == "D-17\n"
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_tickets_are_numbered_and_closed_once(tmp_path: Path) -> None:
    store = Tickets(tmp_path)
    assert [opened(tmp_path).number for _ in range(3)] == [1, 2, 3]
    first = store.close(2, NOW + timedelta(hours=1))
    assert store.close(2, NOW + timedelta(hours=99)).done == first.done
    assert [each.done is not None for each in store.all()] == [False, True, False]
    with pytest.raises(BadInput, match="number 9"):
        store.close(9, NOW)
    (tmp_path / "0003.json").write_text("{}")
    with pytest.raises(BadInput, match="not a ticket"):
        store.all()


def test_answered_requests_are_forgotten_with_their_ids_and_open_ones_stay(tmp_path: Path) -> None:
    store = Tickets(tmp_path)
    for _ in range(3):
        opened(tmp_path)
    store.close(1, NOW)
    store.close(2, NOW + timedelta(days=2))
    assert store.forget(NOW + timedelta(days=1)) == 1
    assert [each.number for each in store.all()] == [2, 3]
    assert not store.ids_file(1).exists()
    assert store.forget(NOW + timedelta(days=9)) == 1
    assert sorted(each.name for each in tmp_path.iterdir()) == ["0003-ids.txt", "0003.json"]


def test_a_handle_is_found_at_the_start_of_a_row_alone() -> None:
    handle, other = os.urandom(16), os.urandom(16)
    head = MAGIC + os.urandom(SALT_BYTES)
    inside = other + handle + os.urandom(32)

    assert not holds_handle(head + inside, handle)
    assert holds_handle(head + inside + handle + bytes(48), handle)
    assert holds_handle(head + inside, other)
    assert not holds_handle(head, handle)


def test_rows_that_repeat_are_found_under_the_handle_that_was_sent(tmp_path: Path) -> None:
    people = Handles(b"k" * 32).of_people(
        [1, 2, 3], ["A", "B", "A"], [("SITI",), ("SITI",), ("BUDI",)]
    )
    store = PreparedDataset.freeze(tmp_path / "d.sqlite", [people], [], lambda _: [], {})

    assert [row for row, _ in store.rows_of("A")] == [1, 3]
    assert store.rows_of("B") == [(2, people.handles[:16])]
    assert store.rows_of("nobody") == []


def found(republic: Republic) -> Trace:
    return Trace(
        dataset="dtks",
        rows=(7,),
        handles=(b"h" * 16,),
        batch=batch(republic.project, "dtks"),
        own=(),
        runs=tuple(e.statement.binding.run for e in batch(republic.project, "dtks").runs),
        stands=bool(republic.project.accepted()),
        committed="dinsos" in republic.project.by_sender(Committed),
        source="/data/dtks 2026.csv",
        mapping="m.yaml",
    )


@pytest.mark.parametrize(
    ("step", "right", "expected"),
    [
        ("charter", "restrict", "prepare -"),
        ("charter", "object", "prepare"),
        ("charter", "correct", "- prepare"),
        ("commit", "restrict", "upload withdraw - -"),
        ("bundle", "withdraw", "withdraw -"),
        ("bundle", "correct", "- delta encode upload"),
        ("run", "withdraw", "withdraw - order"),
        ("receipt", "restrict", "withdraw - order - -"),
        ("receipt", "object", "withdraw - order -"),
        ("receipt", "access", "-"),
    ],
)
def test_the_next_command_fits_how_far_the_rows_have_gone(
    step: str, right: str, expected: str, tmp_path: Path
) -> None:
    republic = Republic().to(step)
    todo = actions(republic.charter, right, [found(republic)], tmp_path / "ids.txt")  # type: ignore[arg-type]

    assert [(each.command.split() or ["", "-"])[1] for each in todo] == expected.split()
    quoted = [each.command for each in todo if "dtks 2026.csv" in each.command]
    assert all("'/data/dtks 2026.csv'" in command for command in quoted)


def test_commands_say_what_a_list_means_where_an_id_is_no_single_person(tmp_path: Path) -> None:
    republic, ids = Republic().to("bundle"), tmp_path / "ids.txt"
    by_number = replace(found(republic), own_ids=False)
    several = replace(found(republic), people=2, rows=(7, 9))
    for trace in (by_number, several):
        todo = actions(republic.charter, "withdraw", [trace], ids)
        (command,) = (each.command for each in todo if each.command)
        assert command.endswith(f"--ids {ids} --row-numbers")
    assert "2 people have this id, on rows 7, 9" in todo[0].what.en
    again = replace(by_number, committed=False)
    (prepare,) = actions(republic.charter, "object", [again], ids)
    assert prepare.command.endswith(f"--suppress {ids} --row-numbers")


def test_the_officer_hears_of_the_persons_other_rows(tmp_path: Path) -> None:
    republic = Republic().to("bundle")
    shared = replace(found(republic), same_person=(8, 12))
    todo = actions(republic.charter, "restrict", [shared], tmp_path / "ids.txt")
    assert "Row 8, 12 is the same person's and stays" in todo[0].what.en
    assert "--row-numbers" not in todo[1].command


def test_recipients_who_opened_a_release_are_named_with_their_contact(tmp_path: Path) -> None:
    republic = Republic().to("receipt")
    todo = actions(republic.charter, "object", [found(republic)], tmp_path / "ids.txt")

    for recipient in ("bps", "dppapp"):
        contact = republic.charter.party(recipient).contact
        assert f"{recipient} ({contact})" in todo[-1].what.en


def test_a_trail_leaves_out_what_was_about_other_lists() -> None:
    republic = Republic().to("receipt")
    kinds = [
        (event.entry.statement.binding.type, event.actor)
        for event in concerning(republic.project, "carik")
    ]

    assert ("padan/bundle", "dppapp") in kinds
    assert not {("padan/bundle", "bps"), ("padan/bundle", "dinsos")} & set(kinds)
    assert ("padan/run", "service") in kinds
    assert [actor for kind, actor in kinds if kind == "padan/receipt"].count("dinsos") == 1


def test_a_restriction_ends_with_telling_the_person(tmp_path: Path) -> None:
    republic = Republic().to("bundle")
    for right, told in (("restrict", True), ("object", False), ("access", False)):
        todo = actions(republic.charter, right, [found(republic)], tmp_path / "ids.txt")  # type: ignore[arg-type]
        assert ("41(3)" in todo[-1].what.id) is told


def test_a_right_that_the_charter_excepts_is_named_first(tmp_path: Path) -> None:
    text = {"id": "statistik", "en": "statistics"}
    tree = {**charter_tree(), "exemptions": [{"article": "Ps. 10(1)", "text": text}]}
    republic = Republic(tree=tree).to("bundle")
    for right, named in (("object", True), ("restrict", False), ("correct", False)):
        todo = actions(republic.charter, right, [found(republic)], tmp_path / "ids.txt")  # type: ignore[arg-type]
        assert ("Ps. 10(1)" in todo[0].what.en) is named


def test_consent_is_withdrawn_only_where_consent_is_the_basis() -> None:
    for ground in get_args(Ground):
        assert ("withdraw" in rights_under(ground)) is (ground == "consent")
        assert {"access", "correct", "restrict", "object"} <= set(rights_under(ground))
    assert articles_of_requests("public-task") == "UU 27/2022 Ps. 10, 30, 32, 41"
    assert articles_of_requests("consent") == "UU 27/2022 Ps. 10, 30, 32, 40, 41"
    assert name_of_right("object").en == "objection (UU PDP art. 10)"
    assert name_of_right("withdraw").en == "withdrawal of consent (UU PDP art. 9, 40)"
