"""Every command on a page of the documentation is one that the real programs take."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.page_commands import ELSEWHERE, blocks, inline, misfit
from tests.support.programme import ROOT

HISTORY = "CHANGELOG.md"  # commands of earlier versions
PAGES = sorted(
    each
    for each in (
        *(ROOT / "docs").rglob("*.md"),
        *ROOT.glob("*.md"),
        *(ROOT / "deploy").rglob("*.md"),
    )
    if each.name != HISTORY
)


def misfits(text: str) -> list[str]:
    """What is wrong with the commands of a page."""
    given = [(words, True) for block in blocks(text) for words in block.commands()]
    named = [(words, False) for words in inline(text)]
    found = ((" ".join(words), misfit(words, whole=whole)) for words, whole in given + named)
    return [f"{line}: {problem}" for line, problem in found if problem]


def test_every_command_of_every_page_is_one_that_the_programs_take() -> None:
    wrong = {str(page.relative_to(ROOT)): misfits(page.read_text("utf-8")) for page in PAGES}
    assert {page: each for page, each in wrong.items() if each} == {}
    commands = [
        words for page in PAGES for b in blocks(page.read_text("utf-8")) for words in b.commands()
    ]
    assert len(commands) > 300, "the pages are read, and not passed by"


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("```sh\npadan-encoder list P R D --out a.xlsx --colum NIK\n```\n", "no option --colum"),
        ("```sh\npadan-encoder lists P R D\n```\n", "no command lists"),
        ("```sh\npadan-encoder list P R --out a.xlsx\n```\n", "dataset"),
        ("```sh\npadan-encoder list P R D --out a.xlsx --people all\n```\n", "--people"),
        ("```sh\npadan-linkage go P --port http\n```\n", "--port"),
        ("```sh\nls && X=1 padan-policy \\\n  charter nu x.yaml\n```\n", "no command nu"),
        ("```powershell\npadan-policy charter new x.yaml `\n  --answer a.yaml\n```\n", "--answer"),
        ("    ```sh\n    padan-policy invite . --servis http://x\n    ```\n", "--servis"),
        ("Give `padan-policy go PROJECT --wach` again.\n", "no option --wach"),
        ("Give `padan-policy roaster\ncheck FILE` again.\n", "no command roaster"),
    ],
)
def test_a_wrong_command_is_noticed(page: str, told: str) -> None:
    wrong = misfits(page)
    assert len(wrong) == 1
    assert told in wrong[0]


def test_what_fits_is_not_told() -> None:
    page = """Give `padan-policy roster build --after` or `padan-encoder` alone.
```sh
# padan-policy no-such-command
sudo -u padan env PADAN_HOME=/x /opt/bin/padan-linkage go PROJECT --port PORT --watch  # as padan
padan-encoder list PROJECT RELEASE DATASET --out a.xlsx | grep "padan-policy wrong"
systemctl start padan-linkage padan-worker
```
"""
    assert misfits(page) == []
    assert [len(each.commands()) for each in blocks(page)] == [2]


def test_each_how_to_runs_or_says_which_test_gives_its_commands() -> None:
    pages = {each.name for each in (ROOT / "docs" / "how-to").glob("*.md")}
    assert ELSEWHERE.keys() <= pages, "a page that is gone"
    missing = [test for test in ELSEWHERE.values() if not (ROOT / test).is_file()]
    assert missing == []
    for page in pages - ELSEWHERE.keys():
        text = (ROOT / "docs" / "how-to" / page).read_text("utf-8")
        assert [each for each in blocks(text) if each.person], page


def test_both_languages_name_the_same_person() -> None:
    def people(page: Path) -> list[str | None]:
        return [each.person for each in blocks(page.read_text("utf-8"))]

    for page in (ROOT / "docs" / "how-to").glob("*.md"):
        assert people(page) == people(ROOT / "docs" / "id" / "how-to" / page.name), page.name
