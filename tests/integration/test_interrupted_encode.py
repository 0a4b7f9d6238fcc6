"""An encode that is interrupted leaves nothing half done, and is simply run again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from encoder.encoding.canaries import CanaryPlan
from encoder.steps.agree_keys import agreed_keys
from encoder.steps.bundle import encode_dataset
from encoder.steps.workspace import Workspace
from policy.members.home import Home
from policy.wire.session import Session
from tests.support.programme import PROJECT, Programme


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    programme = Programme(tmp_path_factory.mktemp("interrupted"), persons=900)
    programme.reach("agreed")
    with programme.serving():
        yield programme


def files(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()} if folder.exists() else set()


def test_interrupt_then_encode_again(programme: Programme) -> None:
    passphrase = (programme.folder / "passphrases" / "dppapp").read_bytes()
    session = Session(Home(programme.home("dppapp")).unlock(passphrase), PROJECT)
    session.sync()
    workspace = Workspace(session)
    folder, prepared = workspace.bundle("carik"), workspace.prepared("carik")

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    plan = CanaryPlan.of(session.project, agreed_keys(workspace))
    with pytest.raises(KeyboardInterrupt):
        encode_dataset(session, plan, "carik", prepared, folder, stop)
    assert not folder.complete()
    assert files(folder.path) == set(), "no half of a bundle"
    programme.run("dppapp", "padan-encoder", "encode", PROJECT)
    programme.run("dppapp", "padan-encoder", "upload", PROJECT)
    again = programme.run("dppapp", "padan-encoder", "upload", PROJECT)
    assert "diterima" in again.err or "accepted" in again.err
