"""Counts of another agency about people not on one's own list: checked once, kept, read again."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from encoder.released.coverage.handed import reverse_taken, take_reverse
from encoder.steps.workspace import Workspace
from policy.base.errors import PadanError, WrongKey
from policy.charter.words import Bilingual
from policy.crypto.envelope import sign
from policy.gates.reverse_coverage import KIND, ReverseCoverage
from policy.project import Project
from tests.support.republic import Republic, charter_tree, scoped

DOMAIN, RELEASE = "dtks-carik", "rilis-1"


def republic_of(*learn: str) -> Republic:
    """A release of a project in which these lists learn who matched."""
    tree = charter_tree()
    tree["domains"][0] |= {"id": DOMAIN, "datasets": ["carik", "dtks"], "learn": list(learn)}
    return Republic(tree=scoped(tree)).to("receipt")


@pytest.fixture(scope="module")
def told() -> Republic:
    return republic_of("dtks", "carik")


def workspace(project: Project, home: Path, me: str = "dinsos") -> Workspace:
    """What of an agency's home is read for these files."""
    agency = SimpleNamespace(
        member=SimpleNamespace(id=me), home=SimpleNamespace(project_folder=lambda _: home)
    )
    session = SimpleNamespace(project=project, charter=project.charter, me=agency, project_id="x")
    return Workspace(cast(Any, session))


def given(republic: Republic, folder: Path, **change: Any) -> Path:
    """The file that Dinas PPAPP signs: people of Carik who are not in DTKS."""
    project = republic.project
    fields: dict[str, Any] = {
        "project": project.charter.project,
        "epoch": project.charter.epoch,
        "release": RELEASE,
        "stage": project.release(RELEASE).require_stage().digest,
        "domain": DOMAIN,
        "dataset": "carik",
        "owner": "dppapp",
        "title": Bilingual(id="Carik", en="Carik"),
        "on_list": "dtks",
        "minimum_cell": project.charter.release.minimum_cell,
        "empty_cell_allowed": False,
        "counted_on": "2026-11-30",
        "people": 321,
        **change,
    }
    counts = ReverseCoverage(**fields)
    binding = project.binding(KIND, sender="dppapp", recipient="dinsos")
    path = folder / "reverse.json"
    path.write_bytes(sign(binding, counts.canonical(), republic.keys["dppapp"].signing).canonical())
    return path


def test_a_file_of_another_release_or_list_is_refused_and_not_kept(
    told: Republic, tmp_path: Path
) -> None:
    here, path = workspace(told.project, tmp_path / "home"), given(told, tmp_path)
    for release, on_list in (("rilis-2", "dtks"), (RELEASE, "dtks-2")):
        with pytest.raises(PadanError) as raised:
            take_reverse(here, path, release, on_list)
        assert raised.value.code == "coverage.other"
    assert not (tmp_path / "home").exists()
    taken = take_reverse(here, path, RELEASE, "dtks")
    assert reverse_taken(here, RELEASE, "dtks") == (taken,)


def test_an_owner_that_may_not_learn_has_nothing_to_count(told: Republic, tmp_path: Path) -> None:
    closed = republic_of("dtks")
    here, path = workspace(closed.project, tmp_path / "home"), given(closed, tmp_path)
    with pytest.raises(PadanError) as raised:
        take_reverse(here, path, RELEASE, "dtks")
    assert raised.value.code == "coverage.other"
    take_reverse(workspace(told.project, tmp_path), given(told, tmp_path), RELEASE, "dtks")


def test_new_keys_do_not_block_what_was_taken(tmp_path: Path) -> None:
    republic = republic_of("dtks", "carik")
    path = given(republic, tmp_path)
    home = tmp_path / "home"
    taken = take_reverse(workspace(republic.project, home), path, RELEASE, "dtks")
    republic.succeed(republic.next_roster([republic.renewed("dppapp")]))
    later = workspace(republic.project, home)
    assert reverse_taken(later, RELEASE, "dtks") == (taken,)
    # Taking it is where signatures are checked.
    with pytest.raises(WrongKey):
        take_reverse(later, path, RELEASE, "dtks")
    (kept,) = (home / "reverse-coverage").iterdir()
    kept.write_bytes(b"{}")
    with pytest.raises(PadanError) as raised:
        reverse_taken(later, RELEASE, "dtks")
    assert raised.value.code == "coverage.malformed"
