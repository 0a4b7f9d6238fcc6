"""An agency ends what it keeps at its date, and the log shows it: real commands, real files."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.clock import WholeProcess
from tests.support.programme import PROJECT, Answer, Programme, expect

ENCODINGS_DAYS, RELEASES_DAYS = 3, 9
APPROVERS = ("bps-approver", "dppapp-approver")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> WholeProcess:
    return WholeProcess.installed(monkeypatch)


@pytest.fixture
def programme(clock: WholeProcess, tmp_path: Path) -> Iterator[Programme]:
    """A released project of which dinsos wrote two lists."""
    programme = Programme(tmp_path, persons=900)
    programme.found()
    with programme.serving():
        tree = programme.charter_tree()
        today = clock.today
        tree["retention"] = {
            "jra": "PS.01",
            "encodings_until": today + timedelta(days=ENCODINGS_DAYS),
            "releases_until": today + timedelta(days=RELEASES_DAYS),
        }
        for dataset in tree["datasets"]:
            dataset["rows_min"] = 1
        programme.sign_charter(tree)
        programme.agree()
        programme.upload()
        programme.match("padan-1")
        programme.release("rilis-1", "padan-1", *APPROVERS, domains=("dtks-regsosek",))
        programme.witness()
        encoder(programme, "open", PROJECT, "rilis-1")
        for name in ("daftar.csv", "ubah.csv"):
            encoder(programme, "list", PROJECT, "rilis-1", "dtks", "--out", str(tmp_path / name))
        yield programme


def encoder(programme: Programme, *arguments: str, code: int = 0, party: str = "dinsos") -> Answer:
    return programme.run(party, "padan-encoder", *arguments, code=code)


def destroy(programme: Programme, *options: str, code: int = 0, party: str = "dinsos") -> Answer:
    return encoder(programme, "destroy", PROJECT, *options, "--yes", code=code, party=party)


def states(programme: Programme, owner: str = "dinsos") -> dict[str, str]:
    """As a member of another agency sees them in its own copy of the log."""
    answer = programme.run("auditor", "padan-policy", "retention", PROJECT)
    [found] = answer.json()
    return {item["what"]: item["state"] for item in found["items"] if item["owner"] == owner}


def bytes_under(folder: Path) -> bytes:
    return b"\0".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def names(programme: Programme) -> list[bytes]:
    """Names of people, as they stand in the prepared rows of this agency."""
    store = programme.home("dinsos") / "projects" / PROJECT / "prepared" / "dtks.sqlite"
    with closing(sqlite3.connect(store)) as connection:
        fields = "".join(each for (each,) in connection.execute("SELECT fields FROM pieces"))
    return [each.encode() for each in re.findall(r"[A-Z ]{12,}", fields)]


def found_in(folder: Path, wanted: list[bytes]) -> int:
    everything = bytes_under(folder)
    return sum(each in everything for each in wanted)


def test_agencies_end_what_they_keep(
    programme: Programme, clock: WholeProcess, tmp_path: Path
) -> None:
    early_and_without_a_network_but_for_a_hold(programme, clock, tmp_path)
    everything_at_its_date(programme, clock, tmp_path)


def everything_at_its_date(programme: Programme, clock: WholeProcess, tmp_path: Path) -> None:
    project = programme.home("dinsos") / "projects" / PROJECT
    people = names(programme)
    assert found_in(project, people) > 20
    [shown] = encoder(programme, "destroy", PROJECT).json()
    assert shown["destroyed"] == []
    assert set(shown["lists"].values()) == {"unchanged"}
    assert set(states(programme).values()) == {"kept"}
    # Nothing is asked under --json, so that nothing is destroyed by a script unawares.
    expect(encoder(programme, "destroy", PROJECT, "--what", "keys", code=3), "destroy.unasked")
    expect(destroy(programme, "--what", "encodings", code=3), "destroy.not-here")

    clock.days = ENCODINGS_DAYS + 1
    assert {each["what"] for each in destroy(programme, "--due").json()} == {
        "prepared-rows",
        "keys",
    }
    assert states(programme)["prepared-rows"] == states(programme)["keys"] == "destroyed"
    assert found_in(project, people) == 0
    assert not list((project / "bundles").iterdir())
    vault = {path.name for path in (project / "vault").iterdir()}
    assert vault
    assert all(each.startswith("release.") for each in vault)
    error = expect(encoder(programme, "encode", PROJECT, code=4), "retention.destroyed")
    assert clock.today.isoformat() in error.problem.en
    # The map still says which record a handle means: lists can be written till the releases end.
    again = tmp_path / "lagi.csv"
    encoder(programme, "list", PROJECT, "rilis-1", "dtks", "--out", str(again))
    assert again.read_bytes() == (tmp_path / "daftar.csv").read_bytes()

    clock.days = RELEASES_DAYS + 1
    changed = tmp_path / "ubah.csv"
    changed.write_bytes(changed.read_bytes() + b"catatan\n")
    before = bytes_under(project / "vault")
    expect(destroy(programme, "--due", code=4), "destroy.list-changed")
    changed.unlink()
    expect(destroy(programme, "--due", code=4), "destroy.lists-left")
    assert bytes_under(project / "vault") == before, "refused before anything was touched"
    done = {each["what"] for each in destroy(programme, "--due", "--lists").json()}
    assert done == {"handle-map", "opened-releases", "lists"}
    assert set(states(programme).values()) == {"destroyed"}
    assert not again.exists()
    assert not (tmp_path / "daftar.csv").exists()
    assert not list(project.glob("written.json*"))
    assert not list((project / "vault").iterdir())
    assert not (project / "prepared").exists()
    gone = encoder(programme, "list", PROJECT, "rilis-1", "dtks", "--out", str(again), code=4)
    expect(gone, "retention.destroyed")
    assert (programme.folder / "sources" / "dtks.csv").exists(), "sources are the agency's own"
    # Another has done nothing: the calendar of all says so.
    assert {"overdue", "due"} <= set(states(programme, "bps").values())


def early_and_without_a_network_but_for_a_hold(
    programme: Programme, clock: WholeProcess, tmp_path: Path
) -> None:
    """A hold on one thing lets the others go; an attestation comes by another's hand."""
    what = ("--what", "prepared-rows", "--owner", "dppapp")
    basis = ("--basis", "Surat BPKP R-7/2026")
    [placed] = programme.run("auditor", "padan-policy", "hold", PROJECT, *basis, *what).json()
    # The stores of the map hold these rows as well.
    for held in ("prepared-rows", "handle-map"):
        expect(destroy(programme, "--what", held, code=4, party="dppapp"), "retention.held")
    assert states(programme, "dppapp")["prepared-rows"] == "held"

    today = clock.today.isoformat()
    carried = ("--what", "keys", "--offline", str(tmp_path / "bawa"))
    [said] = destroy(programme, *carried, party="dppapp").json()
    assert states(programme, "dppapp")["keys"] == "kept", "not attested before it arrives"
    clock.days = 2
    submit = ("submit", said["file"])
    programme.run("bps", "padan-policy", *submit)
    [found] = programme.run("auditor", "padan-policy", "retention", PROJECT).json()
    keys = next(i for i in found["items"] if (i["owner"], i["what"]) == ("dppapp", "keys"))
    assert (keys["state"], keys["destroyed_on"]) == ("destroyed", today)
    [again] = programme.run("bps", "padan-policy", *submit).json()
    assert again["again"] is True

    lift = ("lift-hold", PROJECT, placed["hold"], "--reason", "Surat BPKP R-9/2026")
    programme.run("dppapp", "padan-policy", *lift, code=4)
    programme.run("auditor", "padan-policy", *lift)
    destroy(programme, "--what", "prepared-rows", party="dppapp")
    assert states(programme, "dppapp")["prepared-rows"] == "destroyed"
