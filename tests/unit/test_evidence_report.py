"""What the verifier says: in both languages, by name, on the terminal and as files."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import pytest

from policy.base.dates import long_day
from policy.base.words import Words
from policy.charter.source_names import domain_title
from policy.evidence import (
    STANDING_WORDS,
    Check,
    CheckFinding,
    VerificationReport,
    verify_bundle,
)
from policy.evidence.checks import CHECKS
from policy.evidence.report import spans
from policy.gates.rules.case import day_of
from policy.retention import THINGS, schedule
from tests.support.bundles import write_bundle
from tests.support.programme import command
from tests.support.republic import Republic
from tests.support.transfers import released, to_receipt


@pytest.fixture(scope="module")
def republic() -> Republic:
    return Republic().to("receipt")


@pytest.fixture
def bundle(republic: Republic, tmp_path: Path) -> Path:
    path = tmp_path / "evidence.zip"
    write_bundle(path, republic.evidence())
    (tmp_path / "mine.txt").write_text(republic.notes[min(republic.notes)])
    return path


def test_the_ten_checks_in_their_order() -> None:
    assert [each.ID for each in CHECKS] == [
        "signatures",
        "inclusion",
        "order",
        "charter",
        "decisions",
        "approvals",
        "limits",
        "releases",
        "destruction",
        "encodings",
    ]


def test_a_check_is_as_strong_as_its_weakest_finding() -> None:
    for weaker, stronger in (
        ("failed", "not-shown"),
        ("not-shown", "asserted"),
        ("asserted", "attested"),
        ("attested", "proved"),
    ):
        words = Words("", "")
        found = (CheckFinding("a", stronger, words), CheckFinding("b", weaker, words))
        assert Check(1, "x", words, found).standing == weaker


@pytest.mark.parametrize(
    ("entries", "runs"),
    [((), []), ((3,), [(3, 3)]), ((5, 0, 1, 2, 2), [(0, 2), (5, 5)])],
)
def test_entries_are_told_as_unbroken_runs(
    entries: tuple[int, ...], runs: list[tuple[int, int]]
) -> None:
    assert spans(entries) == runs


def test_a_report_without_findings_is_not_verified() -> None:
    assert VerificationReport().exit_code == 9


def test_the_command_says_all_as_json_and_writes_the_page(
    republic: Republic, bundle: Path, tmp_path: Path
) -> None:
    page, own = tmp_path / "report.html", tmp_path / "mine.txt"
    pins = ("--roster-digest", republic.roster.digest(), "--checkpoint", str(own))
    answer = command("padan-policy", "--json", "verify", str(bundle), *pins, "--html", str(page))
    assert answer.code == 0, answer.err
    [found] = answer.json()
    assert found["project"] == republic.charter.project
    assert [check["number"] for check in found["checks"]] == list(range(1, 11))
    for check in found["checks"]:
        assert check["standing"] in STANDING_WORDS
        for finding in check["findings"]:
            assert finding["id"].startswith(check["id"] + ".")
            assert set(finding["detail"]) == {"id", "en"}
    text = page.read_text(encoding="utf-8")
    assert "Terverifikasi sampai entri" in text
    assert "Verified up to entry" in text
    assert found["witnessed"]["beyond"] == 0
    assert found["witnessed"]["agencies"] == ["bpkp", "bps", "dinsos", "dppapp"]
    assert found["root"] in text


def test_the_command_without_a_pin_says_so(bundle: Path) -> None:
    answer = command("padan-policy", "--lang", "en", "verify", str(bundle))
    assert answer.code == 9
    assert "No file can prove" in answer.out
    assert "signers or completeness not proven" in answer.out
    assert "--roster-digest" in answer.err


def test_a_pin_that_is_none_is_a_mistake_and_no_verdict(bundle: Path, tmp_path: Path) -> None:
    other = tmp_path / "charter.yaml"
    other.write_text("type: padan/charter\n")
    for pin, code in (
        (("--roster-digest", "abc"), "option.digest"),
        (("--checkpoint", str(other)), "checkpoint.malformed"),
    ):
        answer = command("padan-policy", "--json", "verify", str(bundle), *pin)
        assert answer.code == 3
        assert json.loads(answer.err)["error"]["code"] == code


def test_a_digest_may_be_copied_as_a_letter_sets_it(
    republic: Republic, bundle: Path, tmp_path: Path
) -> None:
    digest = republic.roster.digest().upper()
    parted = " ".join(digest[at : at + 8] for at in range(0, 64, 8))
    pins = ("--roster-digest", parted, "--checkpoint", str(tmp_path / "mine.txt"))
    assert command("padan-policy", "--json", "verify", str(bundle), *pins).code == 0


def test_the_command_refuses_what_is_no_bundle(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(b"nothing of the kind")
    answer = command("padan-policy", "--json", "verify", str(path))
    assert answer.code == 3
    assert json.loads(answer.err)["error"]["code"] == "evidence.malformed"


def test_the_command_judges_what_is_due_as_of_a_day(
    republic: Republic, bundle: Path, tmp_path: Path
) -> None:
    own = tmp_path / "mine.txt"
    own.write_text(republic.notes[min(republic.notes)])
    pins = ("--roster-digest", republic.roster.digest(), "--checkpoint", str(own))
    late = command("padan-policy", "--json", "verify", str(bundle), *pins, "--as-of", "2099-01-01")
    assert late.code == 7
    assert late.json()[0]["as_of"] == "2099-01-01"
    failed = [f["id"] for c in late.json()[0]["checks"] for f in c["findings"]]
    assert "destruction.service.service-key" in failed
    wrong = command("padan-policy", "verify", str(bundle), *pins, "--as-of", "1 January")
    assert wrong.code == 3


def test_a_mark_says_how_many_agencies_attest_it() -> None:
    three = CheckFinding("a", "attested", Words("x", "x"), agencies=("bps", "bpkp", "dinsos"))
    two = CheckFinding("b", "attested", Words("x", "x"), agencies=("bps", "bpkp"))
    assert three.mark.en == "attested by 3 agencies"
    assert Check(1, "a", Words("x", "x"), (three, two)).mark.en == "attested by 2 agencies"
    alone = CheckFinding("c", "asserted", Words("x", "x"), agencies=("bps",))
    assert Check(1, "a", Words("x", "x"), (three, alone)).mark == STANDING_WORDS["asserted"]


def test_the_page_says_what_each_release_and_transfer_was_for_and_what_is_due_when(
    tmp_path: Path,
) -> None:
    republic = to_receipt(released())
    republic.witness()
    path, page = tmp_path / "evidence.zip", tmp_path / "report.html"
    write_bundle(path, republic.evidence())
    answer = command("padan-policy", "--lang", "en", "verify", str(path), "--html", str(page))
    assert answer.code == 9, answer.err
    english = unescape(page.read_text("utf-8").split('<article lang="en"')[1])
    charter = republic.charter
    assert f"Purpose by the charter: {charter.purpose.text.en}" in english
    asked = charter.domains[0]
    assert domain_title(charter, asked.id).en in table(english, "Releases and approvals")
    sent = table(english, "Transfers of attributes")
    for each in ("Column desil", "Aiming nutrition help", "dinsos", "bps-dpo", "sent and opened"):
        assert each in sent
    kept = table(english, "What is kept, and when it must be destroyed")
    items = schedule(republic.project, day_of(republic.now))
    assert kept.count("<tr>") - 1 == len(items) > 5
    for item in items:
        row = next(
            r for r in kept.split("<tr>") if f">{item.owner}<" in r and THINGS[item.what].en in r
        )
        assert long_day(item.due).en in row
        assert long_day(item.deadline).en in row


def table(page: str, title: str) -> str:
    """What stands under this heading, to its section's end."""
    return page.split(f"<h2>{title}</h2>")[1].split("</section>")[0]


def test_a_copy_that_does_not_fit_accuses_neither_its_holder_nor_the_service(
    republic: Republic,
) -> None:
    bundle = republic.evidence()
    bundle.leaves = [*bundle.leaves[:3], bundle.leaves[2], *bundle.leaves[4:]]
    found = verify_bundle(bundle, republic.roster.digest(), republic.checkpoint(2))
    said = [each.detail.en for each in found.failed if each.id.startswith("inclusion")]
    assert any("the copy was changed, or the service signed another log" in each for each in said)
    assert not any(each.startswith("The service has signed") for each in said)
