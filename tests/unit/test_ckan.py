"""The catalogue entry at a CKAN portal: created once, then updated, without any person."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policy.wire import retries
from tests.support.bundles import write_bundle
from tests.support.ckan import KEY, ORGANISATION, StandIn, portal
from tests.support.programme import Answer, command, expect
from tests.support.republic import Republic

NAME = re.compile(r"[a-z0-9_-]{2,100}")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ckan") / "evidence.zip"
    write_bundle(path, Republic().to("receipt").evidence())
    return path


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.01)
    monkeypatch.delenv("PADAN_CKAN_API_KEY", raising=False)
    with portal() as found:
        yield found


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key.txt"
    path.write_text(KEY + "\n")
    return path


def ckan(bundle: Path, *more: str, organisation: str = ORGANISATION) -> Answer:
    asked = ("papers", "ckan", "--evidence", str(bundle), "--organisation", organisation)
    return command("padan-policy", "--json", *asked, *more)


def test_the_file_is_a_package_that_ckan_takes(bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "entri.json"
    assert ckan(bundle, "--out", str(out)).code == 0
    assert ckan(bundle, "--out", str(out)).code == 0
    entry: dict[str, Any] = json.loads(out.read_text())
    assert NAME.fullmatch(entry["name"])
    assert entry["owner_org"] == ORGANISATION
    assert "resources" not in entry
    assert "url" not in entry
    keys = [each["key"] for each in entry["extras"]]
    assert len(keys) == len(set(keys))
    assert {"access_rights", "legal_basis", "provenance"} <= set(keys)
    for tag in entry["tags"]:
        assert re.fullmatch(r"[\w .-]{2,100}", tag["name"])
    # No count of matches, as in every paper.
    assert not re.search(r"(?<![0-9a-f])500(?![0-9a-f])", out.read_text())


def test_a_first_push_creates_and_a_second_one_updates(
    bundle: Path, stand_in: StandIn, key_file: Path
) -> None:
    there = ("--portal", stand_in.url, "--api-key-file", str(key_file))
    first = ckan(bundle, *there).json()[-1]
    assert first["done"] == "created"
    assert stand_in.actions == ["package_show", "package_create"]
    name = first["name"]
    # An editor of the portal adds a public table and a field of the portal's own.
    stand_in.packages[name]["resources"] = [{"url": "https://data.example/agregat.csv"}]
    stand_in.packages[name]["extras"].append({"key": "topik", "value": "sosial"})
    stand_in.packages[name]["title"] = "Judul lama"
    second = ckan(bundle, *there).json()[-1]
    assert second["done"] == "updated"
    assert stand_in.actions[2:] == ["package_show", "package_update"]
    assert len(stand_in.packages) == 1
    entry = stand_in.packages[name]
    assert entry["title"] != "Judul lama"
    assert entry["resources"] == [{"url": "https://data.example/agregat.csv"}]
    keys = [each["key"] for each in entry["extras"]]
    assert "topik" in keys
    assert len(keys) == len(set(keys))
    assert set(stand_in.keys) == {KEY}


def test_the_key_may_come_from_the_environment(
    bundle: Path, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    expect(ckan(bundle, "--portal", stand_in.url), "portal.no-key")
    assert stand_in.actions == []
    monkeypatch.setenv("PADAN_CKAN_API_KEY", KEY)
    assert ckan(bundle, "--portal", stand_in.url).json()[-1]["done"] == "created"


def test_a_lost_connection_is_repeated(bundle: Path, stand_in: StandIn, key_file: Path) -> None:
    stand_in.failing = [503, 502]
    there = ("--portal", stand_in.url, "--api-key-file", str(key_file))
    assert ckan(bundle, *there).json()[-1]["done"] == "created"
    assert stand_in.actions == ["package_show", "package_create"]


def test_what_a_portal_refuses_is_said_without_key_and_without_its_texts(
    bundle: Path, stand_in: StandIn, tmp_path: Path, key_file: Path
) -> None:
    there = ("--portal", stand_in.url, "--api-key-file")
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("kunci-lain")
    refused = ckan(bundle, *there, str(wrong))
    expect(refused, "portal.key")
    assert "kunci-lain" not in refused.err
    strange = ckan(bundle, *there, str(key_file), organisation="organisasi-lain")
    found = expect(strange, "portal.refused")
    assert "Validation Error" in found.problem.en
    assert "owner_org" in found.problem.en
    assert "organisasi-lain" not in strange.err
    empty = tmp_path / "empty.txt"
    empty.write_text("\n")
    expect(ckan(bundle, *there, str(empty)), "portal.no-key")
    assert stand_in.packages == {}


def test_an_address_that_is_no_portal_is_refused(
    bundle: Path, stand_in: StandIn, key_file: Path
) -> None:
    with_key = ("--api-key-file", str(key_file))
    expect(ckan(bundle, "--portal", stand_in.url + "/lain", *with_key), "portal.answer")
    for url in ("http://data.example", "ftp://data.example", "https://a:b@data.example", "data"):
        expect(ckan(bundle, "--portal", url, *with_key), "portal.address")
    expect(ckan(bundle), "portal.nowhere")
    stand_in.redirect = "http://127.0.0.1:9"
    expect(ckan(bundle, "--portal", stand_in.url, *with_key), "portal.moved")
    assert stand_in.keys == []
    away = ckan(bundle, "--portal", "http://127.0.0.1:9", *with_key)
    assert away.error is not None
    assert away.error.code == "portal.unreachable"
    assert KEY not in away.err
