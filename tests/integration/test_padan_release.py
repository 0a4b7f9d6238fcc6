"""A release in a notebook: opened once with its receipt, read again, joined to one's own table."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

import padan
from tests.support.programme import PROJECT, TUTORIAL, Programme
from tests.support.tables import cells, made

DOMAIN = "dtks-regsosek"
RELEASE = "rilis-1"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Programme, padan.Release]]:
    """A programme with a decided release, and the release as the API opened it."""
    programme = Programme(tmp_path_factory.mktemp("release"), persons=900)
    programme.reach("matched")
    with programme.serving():
        programme.release(RELEASE, "padan-1", "bps-approver", "dppapp-approver", domains=(DOMAIN,))
        programme.witness()
        with pytest.raises(padan.PadanError):
            padan.read_release(home(programme), secret(programme), PROJECT, RELEASE)
        yield programme, padan.open_release(home(programme), secret(programme), PROJECT, RELEASE)


def home(programme: Programme) -> Path:
    return programme.home("dinsos")


def secret(programme: Programme) -> padan.Secret:
    return padan.Secret.read(programme.folder / "passphrases" / "dinsos")


def own_rows(programme: Programme) -> dict[str, list[Any]]:
    path = programme.folder / "sources" / "dtks.csv"
    return cells(padan.read_source(path, TUTORIAL / "mapping-dtks.yaml").rows)


def test_it_says_what_the_command_says(
    story: tuple[Programme, padan.Release], tmp_path: Path
) -> None:
    programme, release = story
    files = cells(release.files)
    assert (files["dataset"], files["domain"]) == (["dtks"], [DOMAIN])
    assert files["canaries"] == ["all-as-expected"]
    out = tmp_path / "ids.csv"
    arguments = ("ids", PROJECT, RELEASE, "dtks", "--domain", DOMAIN, "--out", str(out))
    programme.run("dinsos", "padan-encoder", *arguments)
    with out.open(newline="") as file:
        written = {row["record_id"]: row["match_id"] for row in csv.DictReader(file)}
    ids = cells(release.of("dtks", DOMAIN))
    assert dict(zip(ids["record_id"], ids["match_id"], strict=True)) == written
    assert len(written) > 100
    # A person can be on two rows of one list.
    assert 0 <= len(written) - files["people"][0] < 10


def test_its_receipt_was_signed(story: tuple[Programme, padan.Release]) -> None:
    programme, _ = story
    status = programme.run("bps", "padan-policy", "status", PROJECT).out
    assert f"{RELEASE}: dinsos" in status


def test_it_is_read_again_without_the_network(story: tuple[Programme, padan.Release]) -> None:
    programme, release = story
    again = padan.read_release(home(programme), secret(programme), PROJECT, RELEASE)
    assert cells(again.ids) == cells(release.ids)
    assert cells(again.files)["canaries"] == [None]


@pytest.mark.parametrize("backend", ["pandas", "polars", "pyarrow"])
def test_own_rows_get_their_match_ids(story: tuple[Programme, padan.Release], backend: str) -> None:
    programme, release = story
    rows = own_rows(programme)
    joined = cells(padan.join_release(made(rows, backend), release.of("dtks", DOMAIN)))
    ids = cells(release.of("dtks", DOMAIN))
    match = dict(zip(ids["record_id"], ids["match_id"], strict=True))
    assert joined["record_id"] == rows["record_id"]
    assert joined["match_id"] == [match.get(each) for each in rows["record_id"]]
    assert None in joined["match_id"]


@pytest.mark.parametrize("backend", ["pandas", "polars", "pyarrow"])
def test_the_list_is_a_table(
    story: tuple[Programme, padan.Release], backend: Literal["pandas", "polars", "pyarrow"]
) -> None:
    programme, release = story
    asked = (home(programme), secret(programme), PROJECT, RELEASE, "dtks")
    listed = cells(padan.read_list(*asked, columns=["PKH"], backend=backend))
    ids = cells(release.of("dtks", DOMAIN))
    match = dict(zip(ids["record_id"], ids["match_id"], strict=True))
    assert listed["IDSEMESTA"] == own_rows(programme)["record_id"]
    assert listed[f"id_padanan_{DOMAIN}"] == [match.get(each, "") for each in listed["IDSEMESTA"]]
    said = ["ya" if each in match else "tidak" for each in listed["IDSEMESTA"]]
    assert listed["dikonfirmasi Regsosek"] == said
    assert set(listed["PKH"]) == {"YA", "TIDAK"}
    assert {"row_number", "Nama", "Alamat", "rt", "rw", "keadaan"} <= set(listed)
    if backend == "pandas":
        with pytest.raises(padan.BadInput) as error:
            padan.read_list(*asked, source=programme.folder / "sources" / "carik.csv")
        assert error.value.code == "file.columns"


def test_a_table_of_other_rows_is_refused(story: tuple[Programme, padan.Release]) -> None:
    programme, release = story
    ids = release.of("dtks", DOMAIN)
    rows = own_rows(programme)
    fewer = {name: column[: len(column) // 2] for name, column in rows.items()}
    twice = {name: column * 2 for name, column in rows.items()}
    joined = padan.join_release(made(rows, "pandas"), ids)
    for table, code in (
        (made(fewer, "pandas"), "join.missing"),
        (made(twice, "pandas"), "join.repeated"),
        (joined, "join.columns"),
        (made({"other": ["1"]}, "pandas"), "frame.columns"),
    ):
        with pytest.raises(padan.BadInput) as error:
            padan.join_release(table, ids)
        assert error.value.code == code
        assert not set(rows["record_id"]) & set(error.value.problem.en.split())


def test_an_id_on_several_rows_is_joined_only_where_it_is_clear() -> None:
    def ids(*rows: tuple[str, str]) -> Any:
        columns = {"record_id": [a for a, _ in rows], "match_id": [b for _, b in rows]}
        return made(columns | {"grade": ["certain"] * len(rows)}, "polars")

    table = made({"record_id": ["a", "a", "b"]}, "polars")
    same = cells(padan.join_release(table, ids(("a", "m1"), ("a", "m1"))))
    assert same["match_id"] == ["m1", "m1", None]
    # One of two people of that id, or two of them, were matched.
    for unclear in (ids(("a", "m1")), ids(("a", "m1"), ("a", "m2"))):
        with pytest.raises(padan.BadInput) as error:
            padan.join_release(table, unclear)
        assert error.value.code == "join.repeated"


def test_errors_are_those_of_the_protocol(story: tuple[Programme, padan.Release]) -> None:
    programme, release = story
    with pytest.raises(padan.WrongKey):
        padan.open_release(home(programme), b"wrong", PROJECT, RELEASE)
    with pytest.raises(padan.PadanError):
        padan.open_release(home(programme), secret(programme), PROJECT, "rilis-9")
    with pytest.raises(padan.BadInput) as error:
        release.of("regsosek", DOMAIN)
    assert error.value.code == "release.no-file"
    assert "match" not in repr(release)
