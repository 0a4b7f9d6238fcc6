"""Bad input: a clear error in both languages, its exit code, and nothing half-written."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from policy.approval.charters import sign_charter
from policy.charter import load_charter
from policy.members.home import Home
from policy.wire.session import Session
from tests.support.programme import (
    OWNER,
    PARTIES,
    PROJECT,
    ROOT,
    Answer,
    Programme,
    command,
    expect,
)
from tests.support.sources import write_parquet, write_sqlite, write_xlsx


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    """Everything up to accepted bundles; tests try what must not work."""
    programme = Programme(tmp_path_factory.mktemp("programme"), persons=700)
    programme.reach("signed", programme.tree_of_any_size())
    with programme.serving():
        yield programme


@pytest.fixture(autouse=True)
def nothing_prepared(programme: Programme) -> Iterator[None]:
    """Each test begins with no rows prepared, whatever another one prepared."""
    yield
    for owner in set(OWNER.values()):
        shutil.rmtree(programme.home(owner) / "projects" / PROJECT / "prepared", ignore_errors=True)


def prepare(programme: Programme, dataset: str, file: Path, code: int) -> Answer:
    before = programme.home(OWNER[dataset]) / "projects" / PROJECT / "prepared"
    answer = programme.prepare(dataset, file, code=code)
    assert not before.exists() or not list(before.glob(f"{dataset}*")), "half-written"
    return answer


def test_wrong_passphrase(programme: Programme, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("bukan kata sandinya")
    answer = command(
        "padan-policy",
        *("--json", "--home", str(programme.home("bps")), "--passphrase-file", str(wrong)),
        *("witness", PROJECT),
    )
    assert answer.code == 5
    expect(answer, "key.passphrase")


def test_another_key_than_the_roster_has(programme: Programme, tmp_path: Path) -> None:
    """A stranger who calls himself BPS: his requests are refused, and so is his roster pin."""
    home = tmp_path / "impostor"
    shutil.copytree(programme.home("bps"), home)
    passphrase = (programme.folder / "passphrases" / "bps").read_bytes()
    other = Home(tmp_path / "other")
    other.create("bps", "bps", "BPS palsu", ("party",), passphrase, datetime.now(UTC).date())
    shutil.copy(other.path / "keys.json", home / "keys.json")
    answer = command(
        "padan-policy",
        *("--json", "--home", str(home)),
        *("--passphrase-file", str(programme.folder / "passphrases" / "bps")),
        *("witness", PROJECT),
    )
    assert answer.code == 5
    expect(answer, "request.signature")


def test_another_roster_digest(programme: Programme) -> None:
    answer = programme.run(
        "bps",
        "padan-policy",
        *("join", "--service", programme.url, "--roster-digest", "ab" * 32),
        code=7,
    )
    expect(answer, "roster.digest")


def sign_unasked(programme: Programme, path: str) -> None:
    """All parties sign with programs that do not ask whether the charter can run."""
    charter = load_charter(Path(path))
    for party in PARTIES:
        passphrase = (programme.folder / "passphrases" / party).read_bytes()
        me = Home(programme.home(party)).unlock(passphrase)
        sign_charter(Session(me, charter.project), charter)


def test_a_charter_that_has_expired(programme: Programme) -> None:
    tree = programme.charter_tree()
    past = datetime.now(UTC).date() - timedelta(days=400)
    tree["project"] = "kedaluwarsa"
    tree["valid_from"], tree["valid_until"] = past, past + timedelta(days=30)
    path = programme.write_charter(programme.scoped(tree), "kedaluwarsa.yaml")
    answer = programme.run("bps", "padan-policy", "charter", "sign", path, code=4)
    assert "valid_until" in expect(answer, "charter.cannot-run").problem.en
    sign_unasked(programme, path)
    answer = programme.run("bps", "padan-encoder", "commit", "kedaluwarsa", code=4)
    expect(answer, "gate.run.charter-in-force")


def test_a_charter_that_not_all_have_signed(programme: Programme) -> None:
    tree = programme.charter_tree()
    tree["project"] = "belum-semua"
    path = programme.write_charter(programme.scoped(tree), "belum.yaml")
    programme.run("bps", "padan-policy", "charter", "sign", path)
    answer = programme.run("bps", "padan-encoder", "commit", "belum-semua", code=4)
    error = expect(answer, "gate.run.charter-in-force")
    assert "dinsos" in error.problem.en


def test_other_normalisation_rules(programme: Programme) -> None:
    tree = programme.charter_tree()
    tree["project"] = "aturan-lain"
    tree["encoding"]["rules_digest"] = "ab" * 32
    path = programme.write_charter(programme.scoped(tree), "aturan.yaml")
    answer = programme.run("bps", "padan-policy", "charter", "sign", path, code=4)
    assert "encoding.rules_digest" in expect(answer, "charter.cannot-run").problem.en
    sign_unasked(programme, path)
    answer = programme.run(
        "bps",
        "padan-encoder",
        *("prepare", "aturan-lain", "regsosek"),
        str(programme.folder / "sources" / "regsosek.csv"),
        *("--mapping", "docs/tutorials/jakarta/mapping-regsosek.yaml"),
        code=4,
    )
    expect(answer, "terms.rules")


def test_a_profile_that_this_version_does_not_have(programme: Programme) -> None:
    tree = programme.charter_tree()
    tree["project"] = "profil-lain"
    tree["encoding"]["profile"] = "salted+saul-k9"
    path = programme.write_charter(tree, "profil.yaml")
    answer = programme.run("bps", "padan-policy", "charter", "sign", path, code=3)
    assert "encoding.profile" in expect(answer, "charter.field").problem.en


def test_a_schema_for_other_columns(programme: Programme) -> None:
    tree = programme.charter_tree()
    tree["project"] = "skema-lain"
    tree["encoding"]["profile"] = "plain"
    tree["encoding"]["encodings"] = [{"name": "lain", "linkage_schema": {"file": "febrl4.json"}}]
    tree["matching"] = {"thresholds_ppm": {"lain": 800_000}, "nik_floor_ppm": 550_000}
    schema = ROOT / "encoder" / "schemas" / "febrl4.json"
    (programme.folder / "febrl4.json").write_bytes(schema.read_bytes())
    path = programme.write_charter(programme.scoped(tree), "skema.yaml")
    for party in PARTIES:
        programme.run(party, "padan-policy", "charter", "sign", path)
    answer = programme.run(
        "bps",
        "padan-encoder",
        *("prepare", "skema-lain", "regsosek"),
        str(programme.folder / "sources" / "regsosek.csv"),
        *("--mapping", "docs/tutorials/jakarta/mapping-regsosek.yaml"),
        code=4,
    )
    error = expect(answer, "terms.schema")
    assert "surname" in error.problem.en


def test_an_empty_file(programme: Programme, tmp_path: Path) -> None:
    header = (programme.folder / "sources" / "dtks.csv").read_text().splitlines()[0]
    for content in ("", "\n", f"{header}\n"):
        file = tmp_path / "kosong.csv"
        file.write_text(content)
        error = expect(prepare(programme, "dtks", file, 3), "file.empty")
        assert "kosong.csv" in error.problem.en


def test_a_file_that_is_not_utf_8(programme: Programme, tmp_path: Path) -> None:
    file = tmp_path / "latin.csv"
    good = (programme.folder / "sources" / "dtks.csv").read_text().splitlines()
    good[3] = good[3].replace(";", ";José ", 1)
    file.write_bytes("\n".join(good).encode("latin-1"))
    error = expect(prepare(programme, "dtks", file, 3), "file.encoding")
    assert "latin.csv" in error.problem.en
    assert "line 4 of the file" in error.problem.en


def test_swapped_columns(programme: Programme, tmp_path: Path) -> None:
    file = tmp_path / "tertukar.csv"
    text = (programme.folder / "sources" / "dtks.csv").read_text()
    header, rest = text.split("\n", 1)
    swapped = header.replace("NIK", "X").replace("Nama", "NIK").replace("X", "Nama")
    file.write_text(swapped + "\n" + rest)
    error = expect(prepare(programme, "dtks", file, 3), "file.swapped")
    assert "tertukar.csv" in error.problem.en


def test_a_missing_column_and_a_missing_file(programme: Programme, tmp_path: Path) -> None:
    file = tmp_path / "kurang.csv"
    text = (programme.folder / "sources" / "dtks.csv").read_text()
    file.write_text(text.replace("Tgl Lahir", "Lahir", 1))
    error = expect(prepare(programme, "dtks", file, 3), "file.columns")
    assert "Tgl Lahir" in error.problem.en
    expect(prepare(programme, "dtks", tmp_path / "tidak-ada.csv", 3), "file.missing")


def test_ragged_rows_are_counted_not_dropped(programme: Programme, tmp_path: Path) -> None:
    file = tmp_path / "compang.csv"
    lines = (programme.folder / "sources" / "ppks.csv").read_text().splitlines()
    lines[2] += ",lebih"
    lines[4] = ",".join(lines[4].split(",")[:-2])
    file.write_text("\n".join(lines) + "\n")
    found = programme.prepare("ppks", file).json()[0]
    assert found["refused"]["ragged-row"] == 2
    rows = found["people"] + found["collapsed"] + sum(found["refused"].values())
    assert found["rows_in"] == rows == len(lines) - 1
    out = tmp_path / "ditolak.csv"
    arguments = ("refused", PROJECT, "ppks", "--out", str(out))
    listed = programme.run(OWNER["ppks"], "padan-encoder", *arguments).json()[0]["rules"]
    assert {each["rule"]: each["rows"] for each in listed if each["outcome"] == "refused"} == found[
        "refused"
    ]
    assert [each["first"] for each in listed if each["rule"] == "ragged-row"] == [[2, 4]]
    told = out.read_text().splitlines()[1:]
    assert len(told) == sum(each["rows"] for each in listed)
    assert {line.split(",")[3] for line in told} == {each["rule"] for each in listed}
    ragged = [line.split(",")[:2] for line in told if "ragged-row" in line]
    assert ragged == [["2", "3"], ["4", "5"]], "row, and line of the spreadsheet"


def test_who_objected_is_left_out_however_the_list_was_saved(
    programme: Programme, tmp_path: Path
) -> None:
    """A mark that an editor writes must not keep the first person in; a foreign list is refused."""
    source = programme.folder / "sources" / "dtks.csv"
    first, second = (line.split(";")[0] for line in source.read_text().splitlines()[1:3])
    ids = tmp_path / "keberatan.txt"
    arguments = ("prepare", PROJECT, "dtks", str(source), "--suppress", str(ids))
    mapping = ("--mapping", "docs/tutorials/jakarta/mapping-dtks.yaml")
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        ids.write_bytes(f'"{first}"\r\n{second} \r\n\r\nX1\r\n'.encode(encoding))
        answer = programme.run(OWNER["dtks"], "padan-encoder", *arguments, *mapping)
        found = answer.json()[-1]
        assert (found["refused"]["suppressed"], found["unknown_ids"]) == (2, 1)
        assert first not in answer.out + answer.err
    for content, code in (("X1\nX2\n", "ids.nobody"), ("\xff\x00", "ids.malformed")):
        ids.write_bytes(content.encode("latin-1"))
        answer = programme.run(OWNER["dtks"], "padan-encoder", *arguments, *mapping, code=3)
        expect(answer, code)


def test_the_same_people_whatever_the_format(
    programme: Programme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = programme.folder / "sources" / "ppks.csv"
    with source.open(newline="") as file:
        header, *rows = csv.reader(file)
    url = write_sqlite(tmp_path / "RAHASIA.db", header, rows)
    monkeypatch.setenv("SUMBER_URL", url)
    text = (ROOT / "docs" / "tutorials" / "jakarta" / "mapping-ppks.yaml").read_text()
    mapping = tmp_path / "m.yaml"
    found = []
    for file, more in (
        (str(source), ""),
        (str(write_xlsx(tmp_path / "ppks.xlsx", header, rows)), ""),
        (str(write_parquet(tmp_path / "ppks.parquet", header, rows)), ""),
        ("env:SUMBER_URL", "table: penduduk\n"),
    ):
        mapping.write_text(text + more)
        arguments = ("prepare", PROJECT, "ppks", file, "--mapping", str(mapping))
        answer = programme.run(OWNER["ppks"], "padan-encoder", *arguments).json()[0]
        found.append({k: v for k, v in answer.items() if k != "handle_root"})
    assert found[0]["people"] > 0
    assert found == [found[0]] * 4
    kept = programme.home(OWNER["ppks"]) / "projects" / PROJECT / "prepared" / "ppks.sqlite"
    assert b"env:SUMBER_URL" in kept.read_bytes()
    assert b"RAHASIA" not in kept.read_bytes()


def test_a_mapping_of_payload(programme: Programme, tmp_path: Path) -> None:
    mapping = tmp_path / "muatan.yaml"
    text = (ROOT / "docs" / "tutorials" / "jakarta" / "mapping-dtks.yaml").read_text()
    mapping.write_text(text.replace("kelurahan: desa_kelurahan", "kelurahan: PKH"))
    arguments = ("prepare", PROJECT, "dtks", str(programme.folder / "sources" / "dtks.csv"))
    answer = programme.run(
        OWNER["dtks"], "padan-encoder", *arguments, "--mapping", str(mapping), code=3
    )
    assert "PKH" in expect(answer, "mapping.payload").problem.en


def test_a_file_that_cannot_be_written(programme: Programme, tmp_path: Path) -> None:
    source = str(programme.folder / "sources" / "dtks.csv")
    (tmp_path / "file").write_text("")
    for out, code in (
        (tmp_path, "out.not-a-file"),
        (tmp_path / "file" / "m.yaml", "file.unwritable"),
    ):
        answer = command("padan-encoder", "--json", "inspect", source, "--out", str(out))
        assert answer.code == 3
        expect(answer, code)
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_dataset_of_another_agency(programme: Programme) -> None:
    answer = programme.run(
        "bps",
        "padan-encoder",
        *("prepare", PROJECT, "dtks", str(programme.folder / "sources" / "dtks.csv")),
        *("--mapping", "docs/tutorials/jakarta/mapping-dtks.yaml"),
        code=4,
    )
    expect(answer, "dataset.foreign")


def test_an_unknown_project(programme: Programme) -> None:
    expect(
        programme.run("bps", "padan-policy", "witness", "tidak-ada", code=4), "service.no-project"
    )


def test_a_release_that_nobody_asked_for(programme: Programme, tmp_path: Path) -> None:
    for look in ("inspect", "explain", "approve"):
        answer = programme.run("bps-approver", "padan-policy", look, PROJECT, "salah", code=4)
        expect(answer, "release.unknown")
    out = ("--out", str(tmp_path / "list.csv"))
    for mine in (("open", PROJECT, "salah"), ("list", PROJECT, "salah", "regsosek", *out)):
        expect(programme.run("bps", "padan-encoder", *mine, code=4), "release.unknown")


def test_an_exception_until_a_day_that_is_past(programme: Programme) -> None:
    options = ("--rule", "privacy", "--reference", "1", "--until", "2020-06-30")
    answer = programme.run("bps-dpo", "padan-policy", "exception", PROJECT, *options, code=3)
    expect(answer, "option.until")


def test_a_service_that_is_not_there(programme: Programme, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(programme.home("bps"), home)
    address = json.loads((home / "service.json").read_bytes())
    (home / "service.json").write_text(json.dumps({**address, "url": "http://127.0.0.1:9"}))
    answer = command(
        "padan-policy",
        *("--json", "--home", str(home)),
        *("--passphrase-file", str(programme.folder / "passphrases" / "bps")),
        *("witness", PROJECT),
    )
    assert answer.code == 8
    expect(answer, "service.unreachable")


def test_no_identity_yet(tmp_path: Path) -> None:
    answer = command("padan-policy", "--json", "--home", str(tmp_path), "witness", PROJECT)
    assert answer.code == 6
    expect(answer, "home.empty")


@pytest.mark.parametrize(
    ("asked", "printed"),
    [("id", "galat saran"), ("en", "error hint"), ("both", "galat saran error hint")],
)
def test_people_read_the_languages_that_they_chose(
    asked: str, printed: str, tmp_path: Path
) -> None:
    answer = command("padan-policy", "--lang", asked, "--home", str(tmp_path), "witness", PROJECT)
    labels = {each for each in ("galat", "saran", "error", "hint") if f"{each}:" in answer.err}
    assert labels == set(printed.split())
