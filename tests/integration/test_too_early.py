"""A step taken too early or twice says which one is missing; it never ends in a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.programme import PROJECT, Programme, command, expect

NOT_YET, REFUSED = 6, 4


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    programme = Programme(tmp_path_factory.mktemp("early"), persons=900)
    programme.reach("signed")
    with programme.serving():
        yield programme


def has_share(programme: Programme, party: str) -> bool:
    vault = programme.home(party) / "projects" / PROJECT / "vault"
    return any(name.startswith("share") for name in (path.name for path in vault.iterdir()))


def interrupted(programme: Programme, party: str) -> None:
    """A 'confirm' whose statement reached the log, and which went no further."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("policy.crypto.vault.Vault.destroy", lambda *_: None)
        programme.run(party, "padan-encoder", "confirm", PROJECT)


AGAIN = (0, "")  # the step is done, and says so


def tried(programme: Programme, step: str, *more: str, party: str = "dppapp") -> tuple[int, str]:
    """Exit code and error code; anything but an error of ours would be raised here."""
    home = str(programme.home(party))
    passphrase = str(programme.folder / "passphrases" / party)
    answer = command(
        "padan-encoder",
        *("--home", home, "--passphrase-file", passphrase, "--json", step, PROJECT, *more),
    )
    return answer.code, answer.error.code if answer.error else ""


def test_the_projects_charter_says_which_fields_are_mapped(
    programme: Programme, tmp_path: Path
) -> None:
    source, mapping = programme.folder / "sources" / "carik.csv", tmp_path / "mapping.yaml"
    of_project = ("--project", PROJECT)
    found = programme.run(
        "dppapp", "padan-encoder", "inspect", str(source), *of_project, "--out", str(mapping)
    ).json()[0]
    fields = {each["name"] for each in programme.charter_tree()["fields"]}
    assert set(found["mapping"]["fields"]) == fields
    check = ("check", str(source), "--mapping", str(mapping))
    assert programme.run("dppapp", "padan-encoder", *check, *of_project).json()[0]["findings"]
    both = programme.run(
        "dppapp", "padan-encoder", *check, *of_project, "--charter", "x.yaml", code=3
    )
    expect(both, "usage.charter")


def test_each_step_names_the_one_before_it(programme: Programme, tmp_path: Path) -> None:
    later = ("reveal", "confirm", "encode", "upload")
    out = str(tmp_path / "list.csv")
    assert tried(programme, "commit") == (NOT_YET, "prepare.missing")
    assert [tried(programme, step)[0] for step in later] == [NOT_YET] * 4
    for dataset in ("regsosek", "dtks", "ppks", "carik"):
        programme.prepare(dataset)
    assert [tried(programme, step)[0] for step in later] == [NOT_YET] * 4
    programme.run("dppapp", "padan-encoder", "commit", PROJECT)
    assert tried(programme, "commit") == AGAIN
    assert [tried(programme, step)[0] for step in later] == [NOT_YET] * 4
    for party in ("bps", "dinsos"):
        programme.run(party, "padan-encoder", "commit", PROJECT)
    assert [tried(programme, step)[0] for step in later] == [NOT_YET] * 4
    programme.witness()
    programme.run("dppapp", "padan-encoder", "reveal", PROJECT)
    assert tried(programme, "reveal") == AGAIN
    assert [tried(programme, step)[0] for step in later[1:]] == [NOT_YET] * 3
    for party in ("bps", "dinsos"):
        programme.run(party, "padan-encoder", "reveal", PROJECT)
    assert has_share(programme, "dppapp")
    programme.run("dppapp", "padan-encoder", "confirm", PROJECT)
    # Whoever confirms and never encodes holds nothing that old traffic could be opened with.
    assert not has_share(programme, "dppapp")
    assert has_share(programme, "bps")
    assert tried(programme, "confirm") == AGAIN
    assert tried(programme, "commit") == AGAIN
    assert not has_share(programme, "dppapp"), "no step draws another"
    assert [tried(programme, step)[0] for step in later[2:]] == [NOT_YET] * 2
    interrupted(programme, "bps")
    assert has_share(programme, "bps")
    assert tried(programme, "confirm", party="bps") == AGAIN
    assert not has_share(programme, "bps"), "the next step ends what an interrupted one left"
    programme.run("dinsos", "padan-encoder", "confirm", PROJECT)
    assert tried(programme, "upload")[0] == NOT_YET
    programme.witness()
    programme.run("dppapp", "padan-encoder", "encode", PROJECT)
    unknown = (REFUSED, "release.unknown")
    assert tried(programme, "open", "rilis-1") == unknown
    assert tried(programme, "list", "rilis-1", "carik", "--out", out) == unknown
    programme.run("dppapp", "padan-encoder", "upload", PROJECT)
    assert tried(programme, "upload") == (0, ""), "sending again changes nothing"
