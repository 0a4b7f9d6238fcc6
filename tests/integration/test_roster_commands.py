"""The commands of a lost key: renew, build, sign, hand in, join; in the middle of a ceremony."""

from __future__ import annotations

import shutil
from pathlib import Path

from policy.members.home import Home
from policy.members.roster import parse_roster
from tests.support.programme import (
    MEMBERS,
    OWNER,
    PROJECT,
    Programme,
    command,
    expect,
    the_same_keys,
)


def copied(programme: Programme, party: str) -> list[str]:
    """A home as a thief has it, with its passphrase; the options that open it."""
    folder = programme.folder / "thief"
    shutil.copytree(programme.home(party), folder)
    passphrase = str(programme.folder / "passphrases" / party)
    return ["--home", str(folder), "--passphrase-file", passphrase, "--json"]


def next_roster(programme: Programme, *cards: Path) -> str:
    """The next version, built and signed; from now on its digest is the programme's."""
    before, after = str(programme.folder / "roster.json"), str(programme.folder / "roster-2.json")
    build = ("roster", "build", *map(str, cards), "--after", before, "--out", after)
    programme.run("bps", "padan-policy", *build)
    for authority in ("bps", "diskominfotik"):
        answer = programme.run(authority, "padan-policy", "roster", "sign", after)
    check = programme.run("bps", "padan-policy", "roster", "check", after, "--after", before)
    programme.digest = answer.json()[0]["digest"]
    said = check.json()[0]
    assert len(said.pop("words")["en"].split()) == 13
    assert said == {"digest": programme.digest, "version": 2, "members": len(MEMBERS)}
    return after


def test_keys_are_exchanged_between_commit_and_reveal(tmp_path: Path) -> None:
    """A party's keys, an officer's, and the service's own; the project is linked all the same."""
    programme = Programme(tmp_path / "p", persons=200)
    programme.found()
    first, old_digest = str(programme.folder / "roster.json"), programme.digest
    with programme.serving():
        programme.sign_charter(programme.tree_of_any_size())
        for dataset in OWNER:
            programme.prepare(dataset)
        programme.each("padan-encoder", "commit", PROJECT)
        programme.witness()
        thief = copied(programme, "dinsos")
        for name in ("dinsos", "bps-dpo", "service"):
            programme.run(name, "padan-policy", "identity", "renew")
        cards = [programme.home(n) / "identity.json" for n in ("dinsos", "bps-dpo", "service")]
        second = next_roster(programme, *cards)
        # A running service has opened its keys when it started: it has none of the new ones.
        refused = programme.run("bps", "padan-linkage", "roster", second, code=4)
        expect(refused, "roster.keys")
    with programme.serving():
        taken = programme.run("bps", "padan-linkage", "roster", second).json()[0]
        assert taken == {"version": 2, "projects": [PROJECT], "left": []}
        for name in ("dinsos", "bps-dpo", "service"):
            programme.join(name)
        expect(command("padan-policy", *thief, "witness", PROJECT), "request.signature")

        programme.witness()
        programme.each("padan-encoder", "reveal", PROJECT)
        with the_same_keys():
            programme.each("padan-encoder", "confirm", PROJECT)
        programme.witness()
        programme.upload()
        programme.match("padan-1")

        # Nobody goes back, whether to the older roster or to a service that shows it.
        back = ("join", "--service", programme.url, "--roster-digest", old_digest)
        for name, code in (("dinsos", "roster.older"), ("dppapp", "roster.older")):
            refused = programme.run(name, "padan-policy", *back, "--roster", first, code=4)
            expect(refused, code)
        assert Home(programme.home("dppapp")).roster().version == 2, "learned from the log"

        programme.witness("auditor", "bps", "dinsos", "dppapp")
        evidence, checkpoint = tmp_path / "evidence.zip", tmp_path / "checkpoint.txt"
        programme.run("auditor", "padan-policy", "evidence", PROJECT, "--out", str(evidence))
        programme.run("auditor", "padan-policy", "checkpoint", PROJECT, "--out", str(checkpoint))
    for digest in (old_digest, programme.digest):
        held = ("--roster-digest", digest, "--checkpoint", str(checkpoint))
        programme.run("auditor", "padan-policy", "verify", str(evidence), *held)


def test_a_roster_is_built_from_the_one_before(tmp_path: Path) -> None:
    programme = Programme(tmp_path / "p", persons=30)
    programme.found()
    before, out = str(programme.folder / "roster.json"), tmp_path / "next.json"
    build = ("roster", "build", "--after", before, "--out", str(out))
    above = ("--superior", "dinsos=pemprov", "--superior", "dppapp=pemprov")
    leaving = ("--without", "dinsos-approver", "--end", "bps-approver")
    programme.run("bps", "padan-policy", *build, *above, *leaving)
    roster, envelope = parse_roster(out.read_bytes())
    last = parse_roster(Path(before).read_bytes())[0]
    assert (roster.version, roster.previous) == (2, last.digest())
    assert roster.akin("dinsos", "dppapp")
    assert not roster.has_member("dinsos-approver")
    assert roster.member("bps-approver").valid_until < roster.issued
    assert not envelope.signatures
    # The one before is not signed over by somebody who is no authority of either.
    refused = programme.run("dinsos", "padan-policy", "roster", "sign", str(out), code=4)
    expect(refused, "roster.not-authority")
    malformed = programme.run("bps", "padan-policy", *build, "--superior", "dinsos", code=3)
    expect(malformed, "option.superior")
