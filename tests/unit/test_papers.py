"""Papers say what charter and log say, show what is missing, and never more than they may."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from policy.base.dates import long_day
from policy.base.errors import BadInput, NotYet, Refused
from policy.base.words import Language
from policy.charter import BOOK_YEARS, Region
from policy.charter.gaps import gaps
from policy.charter.probe_report import ProbeFigure, ProbeReport
from policy.cli import papers
from policy.papers import trail
from policy.papers.breach import Incident, breach
from policy.papers.catalogue import CONTEXT, catalogue, dcat
from policy.papers.destruction import destruction
from policy.papers.dpia import dpia
from policy.papers.handover import handover
from policy.papers.metadata import metadata
from policy.papers.paper import Paper, confirmations
from policy.papers.processing_record import processing_record
from policy.papers.reading import Reading, read_evidence
from policy.papers.render import as_html, as_json, as_markdown, writer_for
from policy.papers.usage_report import Semester, usage_report
from policy.retention import require_destroyable
from policy.statements import Accepted, Delta, Destroyed, Hold, Probed, Staged, Withdrawn
from tests.support.bundles import write_bundle
from tests.support.republic import NOON, Republic, charter_from, charter_tree

NOW = datetime.fromtimestamp(NOON, UTC)
LANGUAGES: tuple[Language, ...] = ("id", "en")
MATCHED = 787  # of 1000 rows


@pytest.fixture(scope="module")
def republic() -> Republic:
    return Republic(matched=MATCHED).to("receipt")


@pytest.fixture(scope="module")
def reading(republic: Republic) -> Reading:
    return Reading(republic.project, "ab" * 32, republic.project.size)


def every_paper(reading: Reading) -> Iterator[Paper]:
    yield dpia(reading, NOW)
    yield processing_record(reading, NOW)
    yield handover(reading, NOW, "rilis-1")
    yield usage_report(reading, NOW, Semester.of(NOW))
    yield catalogue(reading, NOW)
    yield metadata(reading, NOW)
    yield breach(reading, NOW, Incident(NOW))


def charter_with(**changes: Any) -> dict[str, Any]:
    return {**charter_tree(), **changes}


def told(tree: dict[str, Any]) -> Reading:
    """A project whose charter was signed, and nothing more."""
    republic = Republic(tree=tree).to("charter")
    return Reading(republic.project, "cd" * 32, 0)


def section(paper: Paper, key: str) -> dict[str, Any]:
    found: dict[str, Any] = as_json(paper)["sections"][key]
    return found


# What every paper owes its reader


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_is_a_draft_that_names_its_source(reading: Reading, language: Language) -> None:
    draft = {"id": "RANCANGAN", "en": "DRAFT"}[language]
    for paper in every_paper(reading):
        for text in (as_html(paper, language), as_markdown(paper, language)):
            assert draft in text
            assert reading.project.charter_digest in text
            assert reading.project.roster_digest in text
            assert reading.root in text
        assert as_json(paper)["status"] == "draft"


def test_every_mark_is_in_the_list_of_what_a_lawyer_confirms(reading: Reading) -> None:
    for paper in every_paper(reading):
        html = as_html(paper, "en")
        assert confirmations(paper), paper.kind
        assert html.count('class="confirm"') >= len(confirmations(paper))
        for each in as_json(paper)["to_confirm"]:
            assert each["what"]["en"].split(":")[0] in html


def test_no_paper_tells_how_many_matched(reading: Reading) -> None:
    # As a number of its own: digests hold such digits by chance.
    told = re.compile(rf"(?<![0-9a-zA-Z.,:])({MATCHED}|{1000 - MATCHED})(?![0-9a-zA-Z])")
    for paper in every_paper(reading):
        texts = [json.dumps(as_json(paper))]
        texts += [write(paper, each) for each in LANGUAGES for write in (as_html, as_markdown)]
        assert not [paper.kind for text in texts if told.search(text)]


def test_indonesian_and_english_say_the_same_fields(reading: Reading) -> None:
    for paper in every_paper(reading):
        shapes = [
            re.sub(r">[^<]+<", "><", re.sub(r'(title|lang)="[^"]*"', "", as_html(paper, language)))
            for language in LANGUAGES
        ]
        assert shapes[0].count("<dt>") == shapes[1].count("<dt>")
        assert shapes[0].count("<tr>") == shapes[1].count("<tr>")


def silent_tree() -> dict[str, Any]:
    """A charter that leaves out what it may leave out before a run."""
    tree = charter_tree()
    for part in ("agreements", "linkage_unit", "region", "walidata"):
        del tree[part]
    for party in tree["parties"]:
        del party["capacity"]
        party["role"] = "produsen-data"
    return tree


def test_what_the_charter_does_not_say_is_shown_as_missing() -> None:
    reading = told(silent_tree())
    record = section(processing_record(reading, NOW), "responsible")

    assert record["parties"][0]["capacity"]["missing"]["en"] == "not given in the charter"
    assert record["processor_controller"]["missing"]["id"] == "belum diisi dalam piagam"
    assert record["agreements"] == []
    assert "belum diisi dalam piagam" in as_html(dpia(reading, NOW), "id")


class Parsed(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]


def test_hostile_texts_of_a_charter_stay_texts() -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=x> | `x` [a](http://x) \u202etxet\n# h'
    tree = charter_with(title={"id": evil, "en": evil})
    tree["purpose"]["text"] = {"id": evil, "en": evil}
    tree["parties"][0]["contact"] = evil
    tree["lawful_basis"]["citations"][0]["text"] = evil
    tree["dpia"]["reference"] = evil
    reading = told(tree)
    safe = told(charter_tree())
    for make in (dpia, processing_record, catalogue, metadata):
        page = Parsed(as_html(make(reading, NOW), "id"))
        expected = Parsed(as_html(make(safe, NOW), "id"))
        assert page.tags == expected.tags
        assert page.attributes == expected.attributes
        markdown = as_markdown(make(reading, NOW), "id")
        assert "\u202e" not in markdown
        assert "<script" not in markdown.replace(r"\<script", "")
        assert "\n# h" not in markdown
        assert re.search(r"(?<!\\)\]\(", markdown) is None
    assert json.loads(json.dumps(dcat(reading)))["dct:title"][0]["@value"] == evil
    assert "vcard:hasEmail" not in dcat(reading)["dcat:contactPoint"][0]


def test_forms_follow_the_name_of_the_file(reading: Reading) -> None:
    paper = dpia(reading, NOW)

    assert writer_for(Path("a.HTML"))(paper, "id").startswith("<!doctype html>")
    assert writer_for(Path("a.md"))(paper, "en").startswith("# Data Protection Impact")
    assert json.loads(writer_for(Path("a.json"))(paper, "id"))["type"] == "padan/paper-dpia"
    with pytest.raises(BadInput, match="not known"):
        writer_for(Path("a.docx"))


def test_a_page_needs_nothing_from_outside(reading: Reading) -> None:
    for paper in every_paper(reading):
        page = as_html(paper, "id")
        assert "default-src 'none'" in page
        assert not re.search(r"<(script|link|img|iframe)\b", page)


# The impact assessment


def test_dpia_says_that_the_encoding_is_unreviewed_and_what_a_weak_profile_means() -> None:
    weak = as_html(dpia(told(charter_tree()), NOW), "en")
    tree = charter_tree()
    tree["encoding"]["profile"] = "compound-1"
    tree["encoding"]["encodings"][0] |= {"salt": ["lahir.year"], "rounds": 3}
    tree["encoding"]["canaries"] = {"kind": "like-the-list", "share_ppm": 5000}
    strong = as_html(dpia(told(tree), NOW), "en")

    assert "HIGH: the profile plain is not the default" in weak
    assert "HIGH: 32 canaries a list, but similar on all lists" in weak
    assert "HIGH" not in strong
    for text in (weak, strong):
        assert "10.56553/popets-2026-0033" in text
        assert "reviewed by nobody" in text or "unreviewed variant" in text
        assert "does not collude" in text


def test_dpia_flags_a_scope_that_the_charter_has_left() -> None:
    tree = charter_tree()
    charter = told(tree).project.charter
    scope = {
        "purpose": charter.purpose.code,
        "parties": list(charter.party_ids),
        "datasets": list(charter.dataset_ids),
        "terms": charter.terms_digest(),
    }
    tree["dpia"] |= {"scope": scope, "probe": "7" * 64}
    fits = dpia(told(tree), NOW)
    scope["datasets"] = ["regsosek", "dtks"]
    drifted = dpia(told(tree), NOW)

    flag = "assess again before use"
    assert not any(flag in each.what.en for each in confirmations(fits))
    assert any(flag in each.what.en for each in confirmations(drifted))
    assert section(fits, "probes")["probe_cited"] == "7" * 64


def test_dpia_shows_what_the_probes_found_beside_the_floors() -> None:
    republic = Republic().to("charter")
    figures = (
        ProbeFigure(probe="nn10", group="year", micro=460_000),
        ProbeFigure(probe="xor-4", group="year", micro=-4_900_000),
        ProbeFigure(probe="nn10", group="date", micro=70_000),
    )
    report = ProbeReport(
        encoding=republic.charter.encoding_digest(),
        profile="plain",
        rows=5_000,
        known=5_000,
        seed=1,
        figures=figures,
    )
    republic.say("bps", Probed(at=republic.now, report=report))
    found = section(dpia(Reading(republic.project, "", 0), NOW), "probes")
    told = [
        (row["figure"]["id"], row["floor"]["en"], row["holds"]["en"]) for row in found["figures"]
    ]

    assert told == [
        ("0,460", "≤ 0.050", "NO"),
        ("-4,900", "≥ -5.000", "yes"),
        ("0,070", "no floor", "-"),
    ]
    assert found["probe_logged"][0] == report.digest()
    assert "run.privacy" in found["exceptions"][0]["en"]


def test_dpia_is_drafted_before_anybody_signs(
    republic: Republic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    charter = tmp_path / "charter.yaml"
    charter.write_bytes(republic.charter.canonical())
    home = SimpleNamespace(roster=lambda: republic.roster)
    monkeypatch.setattr("policy.terminal.console.home", lambda: home)
    out = tmp_path / "dpia.json"
    papers.app(["dpia", "--charter", str(charter), "--out", str(out)], standalone_mode=False)
    paper = json.loads(out.read_text(encoding="utf-8"))

    assert paper["origin"]["charter"][1]["missing"]["en"] == "not signed yet"
    assert paper["origin"]["log"]["missing"]["en"] == "there is none yet"
    assert paper["sections"]["description"]["terms"] == republic.charter.terms_digest()


def test_dpia_names_specific_lists() -> None:
    tree = charter_tree()
    tree["datasets"][1]["data_class"] = "spesifik"

    triggers = section(dpia(told(tree), NOW), "why")["triggers"]

    assert triggers[0]["here"]["en"] == "yes: dtks"


# The record of processing


def test_record_has_every_entry_with_actor_time_purpose_and_version(reading: Reading) -> None:
    rows = section(processing_record(reading, NOW), "activities")["activities"]

    assert [row["entry"] for row in rows] == list(range(reading.project.size))
    sent = next(row for row in rows if row["activity"]["en"] == "Encodings sent to the service")
    assert sent["actor"] == "bps"
    assert sent["about"] == ["regsosek"]
    assert (sent["purpose"], sent["charter"]) == ("bantuan-sosial", "1")
    assert datetime.fromisoformat(sent["at"]) <= NOW + timedelta(hours=1)
    assert rows[0]["at"]["missing"]["en"] == "carries no time"
    assert any(row["activity"]["en"] == "Release decided: released" for row in rows)


def test_the_record_tells_statements_as_their_kinds_do(republic: Republic) -> None:
    told = [event.what for event in trail.events(republic.project)]
    assert told == [entry.statement.body.outcome for entry in republic.project.entries]


# The handover


def test_handover_lists_each_file_with_its_receipt(republic: Republic, reading: Reading) -> None:
    staged = republic.project.entry(republic.stage_digest, Staged).body
    files = section(handover(reading, NOW, "rilis-1"), "subject")["files"]

    assert {(f["recipient"], f["dataset"], f["domain"], f["ciphertext"]) for f in files} == {
        (f.recipient, f.dataset, f.domain, f.ciphertext) for f in staged.files
    }
    assert {f["canaries"]["en"] for f in files} == {"all as expected"}
    assert section(handover(reading, NOW, "rilis-1"), "decision")["requested_by"] == "dinsos"


def test_handover_before_receipts_says_that_none_came() -> None:
    republic = Republic().to("decide")
    paper = handover(Reading(republic.project, "", 0), NOW, "rilis-1")

    assert all(
        each["received"]["missing"]["en"] == "no receipt yet"
        for each in section(paper, "subject")["files"]
    )


def test_nothing_is_handed_over_that_was_not_released() -> None:
    waiting = Republic().to("approve")
    with pytest.raises(NotYet, match="not decided"):
        handover(Reading(waiting.project, "", 0), NOW, "rilis-1")
    refused = Republic(approvers=("dinsos-approver",)).to("decide")
    with pytest.raises(Refused, match="nothing was handed over"):
        handover(Reading(refused.project, "", 0), NOW, "rilis-1")


# The usage report


def test_report_counts_its_own_semester_alone(reading: Reading) -> None:
    this = Semester.of(NOW)
    other = replace(this, year=this.year - 1)

    now = section(usage_report(reading, NOW, this), "use")
    before = section(usage_report(reading, NOW, other), "use")

    assert (now["orders"], now["released"], now["refused"], now["receipts"]) == (1, 1, 0, 5)
    assert (before["orders"], before["released"], before["receipts"]) == (0, 0, 0)
    assert {row["dataset"]: row["rows"] for row in now["sent"]} == {
        "regsosek": 1032,
        "dtks": 1032,
        "carik": 1032,
    }
    assert before["sent"] == []


def test_report_shows_the_pks_or_that_there_is_none() -> None:
    tree = charter_tree()
    without = section(usage_report(told(tree), NOW, Semester(2026, 2)), "basis")
    tree["dukcapil"] = {"pks_number": "470/1/PKS", "valid_until": date(2027, 1, 1)}
    tree["datasets"][0]["source"] = "dukcapil"
    tree["domains"] = [{"id": "d", "datasets": ["regsosek", "dtks"], "learn": ["regsosek", "dtks"]}]
    basis = section(usage_report(told(tree), NOW, Semester(2026, 2)), "basis")

    assert "Dukcapil" in without["pks_number"]["missing"]["id"]
    assert basis["pks_number"] == "470/1/PKS"
    assert basis["pks_valid_until"] == "2027-01-01"


def test_semesters_begin_and_end_at_midnight_in_jakarta() -> None:
    first = Semester.parse("2026-1")

    assert Semester.of(datetime(2026, 6, 30, 16, 59, tzinfo=UTC)) == first
    assert Semester.of(datetime(2026, 6, 30, 17, 0, tzinfo=UTC)) == Semester(2026, 2)
    assert first.holds(int(datetime(2025, 12, 31, 17, 0, tzinfo=UTC).timestamp()))
    assert not first.holds(int(datetime(2025, 12, 31, 16, 59, tzinfo=UTC).timestamp()))
    with pytest.raises(BadInput):
        Semester.parse("2026-3")


# Catalogue and metadata


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from nodes(each)
    elif isinstance(value, list):
        for each in value:
            yield from nodes(each)


def test_dcat_is_whole_in_itself_and_restricted() -> None:
    entry = dcat(told(silent_tree()))
    body = {key: value for key, value in entry.items() if key != "@context"}

    names = {key for node in nodes(body) for key in node if not key.startswith("@")}
    types = {node["@type"] for node in nodes(body) if "@type" in node}
    assert {name.partition(":")[0] for name in names | types} <= set(CONTEXT)
    assert entry["@context"] == CONTEXT
    assert entry["@type"] == "dcat:Dataset"
    assert entry["dct:accessRights"]["@id"].endswith("/RESTRICTED")
    assert not {"dcat:distribution", "dcat:downloadURL", "dcat:accessURL"} & names
    assert {text["@language"] for text in entry["dct:title"]} == {"id", "en"}
    assert "dct:publisher" not in entry  # this charter names no walidata
    assert "dct:spatial" not in entry


def test_dcat_names_walidata_and_a_region_with_its_book() -> None:
    tree = charter_tree()
    tree["walidata"] = []
    tree["parties"][1]["role"] = "walidata"
    tree["region"] = Region(code="3171", codebook="bps", vintage=2020).model_dump()
    entry = dcat(told(tree))

    assert entry["dct:publisher"]["@id"].endswith(":dinsos")
    assert entry["dct:spatial"]["dct:identifier"] == "3171"
    assert "bps:2020" in entry["dct:spatial"]["skos:inScheme"]["@id"]


def test_metadata_counts_what_is_filled_in(reading: Reading) -> None:
    paper = metadata(reading, NOW)
    found = as_json(paper)["sections"]
    fields = [
        value for key, part in found.items() if key != "completeness" for value in part.values()
    ]
    missing = [each for each in fields if isinstance(each, dict) and "missing" in each]

    assert found["completeness"]["total"] == len(fields)
    assert found["completeness"]["filled"] == len(fields) - len(missing) > 0
    assert missing
    blocks = "identity organiser responsible planning design sample quality processing"
    assert {*blocks.split(), "dissemination"} <= set(found)
    assert {"variable-match_id", "variable-nama", "variable-nik"} <= set(found)
    assert len(found["variable-nama"]) == 13  # the fields of MS-Var


def test_grades_are_among_the_columns_where_the_charter_has_them() -> None:
    tree = charter_tree()
    without = as_json(metadata(told(tree), NOW))["sections"]
    tree["release"]["grades"] = True
    tree["matching"]["review_ppm"] = {"utama": 800_000}
    graded = told(tree)
    limits = section(dpia(graded, NOW), "necessity")["limits_agreed"]

    assert "variable-match_grade" not in without
    assert "variable-match_grade" in as_json(metadata(graded, NOW))["sections"]
    assert "grade (certain or to verify)" in limits[-1]["en"]


# The breach notice


def test_breach_clock_runs_three_times_24_hours() -> None:
    reading = told(charter_tree())
    found = NOW - timedelta(hours=70, minutes=30)
    clock = section(breach(reading, NOW, Incident(found)), "clock")
    late = section(breach(reading, NOW, Incident(NOW - timedelta(hours=73))), "clock")

    assert datetime.fromisoformat(clock["deadline"]) - found < timedelta(hours=72, seconds=1)
    assert clock["left"]["en"] == "0 days 1 hour 30 minutes"
    assert late["left"]["id"] == "TERLAMPAUI 0 hari 1 jam 0 menit"
    with pytest.raises(BadInput, match="ahead"):
        breach(reading, NOW, Incident(NOW + timedelta(minutes=1)))


def test_breach_has_the_three_parts_and_leaves_the_story_to_people(reading: Reading) -> None:
    found = as_json(breach(reading, NOW, Incident(NOW)))["sections"]

    assert {"what", "how", "response"} <= set(found)
    for key in ("occurred", "cause"):
        assert found["how"][key]["missing"]["en"] == "to be filled in by the officer"


def test_breach_finds_the_batches_of_a_list_within_days(
    republic: Republic, reading: Reading
) -> None:
    carik = section(breach(reading, NOW, Incident(NOW, ("carik",))), "affected")
    assert [u["dataset"] for u in carik["uploads"]] == ["carik"]
    assert carik["uploads"][0]["bundle"] == republic.project.bundles()["carik"].digest
    assert (carik["uploads"][0]["runs"], carik["uploads"][0]["rows"]) == (["run-1"], 1000)
    # IDs of Carik's rows stand in every file of the domain that holds it, and in no other.
    assert {f["domain"] for f in carik["files"]} == {"semua"}
    assert {f["recipient"] for f in carik["files"]} == {"bps", "dinsos", "dppapp"}
    before = Incident(NOW, ("carik",), until=date(2020, 1, 1))
    nothing = section(breach(reading, NOW, before), "affected")
    assert (nothing["uploads"], nothing["files"]) == ([], [])
    with pytest.raises(BadInput):
        breach(reading, NOW, Incident(NOW, ("siapa",)))


def test_breach_concerns_what_was_held_and_not_only_what_came_in_its_days() -> None:
    """A bundle that was sent a month before the breach leaks like one sent during it."""
    republic = Republic().to("receipt")
    later = NOW.date() + timedelta(days=30)
    found = datetime(later.year, later.month, later.day, 5, tzinfo=UTC)
    incident = Incident(found, ("carik",), since=later - timedelta(days=2), until=later)
    affected = section(breach(Reading(republic.project, "", 0), found, incident), "affected")
    assert [each["dataset"] for each in affected["uploads"]] == ["carik"]
    assert {each["domain"] for each in affected["files"]} == {"semua"}


def test_breach_after_the_encodings_were_destroyed_concerns_no_bundle() -> None:
    found = LATER + timedelta(days=9)
    for since, uploads in ((DUE, 1), (DUE + timedelta(days=1), 0)):
        incident = Incident(found, ("carik",), since=since)
        affected = section(breach(Reading(ended().project, "", 0), found, incident), "affected")
        assert len(affected["uploads"]) == uploads


def test_rows_of_a_delta_are_counted_and_shown_beside_the_bundle() -> None:
    republic = Republic().to("bundle")
    republic.witness()
    fields = republic.manifest("dtks", count=1034).model_dump()
    standing = republic.project.commitments()["dtks"].digest
    delta = Delta(**fields, replaces=standing, added=5, changed=2, withdrawn=3, left="5" * 64)
    digest = republic.say("dinsos", delta)
    republic.say("service", Accepted(at=republic.now, dataset="dtks", bundle=digest))
    reading = Reading(republic.project, "", 0)
    found = breach(reading, NOW, Incident(NOW, ("dtks",)))
    (told,) = section(found, "what")["lists"]
    report = section(usage_report(reading, NOW, Semester.of(NOW)), "use")["sent"]

    # The notice counts people once and no canaries; the usage report says what was sent.
    assert told["rows"] == 1000 + 5
    assert [each["rows"] for each in section(found, "affected")["uploads"]] == [1000, 7]
    assert [each["rows"] for each in report if each["dataset"] == "dtks"] == [1032, 7]


# The certificate of destruction

DUE = NOW.date() + timedelta(days=30)
LATER = datetime(DUE.year, DUE.month, DUE.day, 5, tzinfo=UTC)


def ended(**hold: Any) -> Republic:
    """The service destroyed the encodings on the day after the last on which it may keep them."""
    tree = charter_tree()
    tree["retention"] |= {"encodings_until": DUE - timedelta(days=1), "releases_until": DUE}
    republic = Republic(tree=tree).to("receipt")
    if hold:
        republic.say("auditor", Hold(at=republic.now, **hold))
    republic.now = int(LATER.timestamp())
    republic.witness()
    republic.say(
        "service",
        Destroyed(
            at=int(LATER.timestamp()),
            what="encodings",
            due=DUE,
            early=False,
            objects=tuple(sorted(e.digest for e in republic.project.bundles().values())),
            count=3,
        ),
    )
    return republic


def test_certificate_tells_what_was_attested_and_what_is_still_kept(reading: Reading) -> None:
    republic = ended()
    paper = destruction(Reading(republic.project, "", 0), LATER)
    (row,) = section(paper, "destroyed")["destroyed"]
    states = {
        (each["owner"], each["what"]["en"]): (each["state"]["en"], each["in_time"]["en"])
        for each in section(paper, "schedule")["schedule"]
    }

    assert (row["by"], row["found"], row["due"]) == ("service", 3, DUE.isoformat())
    assert row["early"]["en"] == "no"
    assert sorted(row["objects"]) == sorted(e.digest for e in republic.project.bundles().values())
    assert states["service", "the encodings"] == ("destroyed", "yes")
    assert states["bps", "the prepared rows"] == ("due", "-")
    assert "not that no other copy exists" in as_markdown(paper, "en")
    for project, owner in ((reading.project, None), (republic.project, "bps")):
        with pytest.raises(NotYet, match="No destruction"):
            destruction(Reading(project, "", 0), LATER, owner)


def test_certificate_shows_a_hold() -> None:
    republic = ended(basis="LHP/7/2026", owners=("bps",))
    paper = destruction(Reading(republic.project, "", 0), LATER)
    (held,) = section(paper, "holds")["holds"]

    assert (held["by"], held["basis"], held["owners"]) == ("auditor", "LHP/7/2026", ["bps"])
    assert held["scope"]["id"] == "semua"
    states = {
        (each["owner"], each["what"]["en"]): each["state"]["en"]
        for each in section(paper, "schedule")["schedule"]
    }
    assert states["bps", "the prepared rows"] == "on hold"


# Where papers read from


@pytest.fixture(scope="module")
def bundle(republic: Republic, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("papers") / "evidence.zip"
    write_bundle(path, republic.evidence())
    return path


def test_a_bundle_gives_the_same_paper_as_the_log(republic: Republic, bundle: Path) -> None:
    read = read_evidence(bundle)

    assert read.witnessed == republic.project.size
    same = Reading(republic.project, read.root, read.witnessed)
    assert processing_record(read, NOW) == processing_record(same, NOW)


COMMANDS = {
    "dpia": (),
    "processing-record": (),
    "handover": ("--release", "rilis-1"),
    "usage-report": ("--semester", "2026-2"),
    "catalogue": (),
    "metadata": (),
    "breach": (
        "--discovered",
        "2026-01-01T08:00+07:00",
        "--dataset",
        "dtks",
        "--since",
        "2026-01-01",
    ),
}


@pytest.mark.parametrize("kind", COMMANDS)
def test_the_commands_write_papers_offline(
    kind: str, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policy.base.words._chosen", "en")
    out = tmp_path / f"{kind}.html"
    arguments = [kind, "--evidence", str(bundle), "--out", str(out), *COMMANDS[kind]]
    papers.app(arguments, standalone_mode=False)

    assert '<html lang="en">' in out.read_text(encoding="utf-8")


def test_dcat_has_a_form_of_its_own(bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "entry.jsonld"
    papers.app(["catalogue", "--evidence", str(bundle), "--out", str(out)], standalone_mode=False)

    assert json.loads(out.read_text(encoding="utf-8")) == dcat(read_evidence(bundle))


def test_a_paper_needs_one_source_and_times_need_zones(bundle: Path, tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "a.html")]
    for wrong in (
        ["dpia", *out],
        ["dpia", "contoh-2026", "--evidence", str(bundle), *out],
        ["breach", "--evidence", str(bundle), "--discovered", "2026-01-01T08:00", *out],
        ["breach", "--evidence", str(bundle), "--discovered", "yesterday", *out],
    ):
        with pytest.raises(BadInput):
            papers.app(wrong, standalone_mode=False)
    assert not (tmp_path / "a.html").exists()


def test_withdrawals_are_counted_as_acts(republic: Republic) -> None:
    other = Republic().to("run")
    other.say("dinsos", Withdrawn(at=other.now, dataset="dtks", handles="1" * 64, count=3))
    paper = usage_report(Reading(other.project, "", 0), NOW, Semester.of(NOW))

    assert section(paper, "use")["withdrawals"] == 1


# What the charter alone can say


def triggers(tree: dict[str, Any]) -> dict[str, Any]:
    rows = section(dpia(told(tree), NOW), "why")["triggers"]
    return {row["letter"]: row["here"] for row in rows}


def test_triggers_come_from_the_charter() -> None:
    tree = charter_tree()
    assert set(triggers(tree)) == {"(b)", "(c)", "(d)", "(e)", "(f)"}
    assert triggers(tree)["(b)"]["en"] == "not by the charter's data classes"
    said = {"id": "Bantuan dihentikan otomatis", "en": "Aid is stopped by machine"}
    tree["dpia"]["triggers"] = [{"letter": "a", "text": said}, {"letter": "c", "text": said}]
    tree["exemptions"] = [{"article": "Ps. 10(1)", "text": {"id": "statistik", "en": "statistics"}}]
    tree["datasets"][1]["data_class"] = "spesifik"
    tree["release"]["grades"] = True
    tree["matching"]["review_ppm"] = {"utama": 800_000}
    found = triggers(tree)
    assert list(found) == ["(a)", "(b)", "(c)", "(d)", "(e)", "(f)", "(g)"]
    assert found["(a)"] == said
    assert found["(b)"]["en"] == "yes: dtks"
    assert found["(c)"][0] == said
    assert "12,000,000 rows" in found["(c)"][1]["en"]
    assert "certain or to verify" in found["(d)"]["en"]
    assert "Ps. 10(1)" in found["(g)"]["en"]


def test_a_letter_of_a_trigger_is_said_once() -> None:
    tree = charter_tree()
    once = {"letter": "g", "text": {"id": "x", "en": "x"}}
    tree["dpia"]["triggers"] = [once, once]
    with pytest.raises(BadInput, match="triggers"):
        charter_from(tree)


def test_sub_processors_and_the_processors_officer_are_in_the_papers() -> None:
    tree = charter_tree()
    host = {
        "name": "Penyedia pusat data",
        "tasks": ["hosting", "backup"],
        "about": {"id": "Menyediakan server", "en": "Provides the machines"},
        "agreement": "KONTRAK/7",
        "consents": ["bps", "dinsos", "dppapp"],
    }
    tree["linkage_unit"] |= {"subprocessors": [host], "hosting": None}
    republic = Republic(tree=tree).to("receipt")
    signed = Reading(republic.project, "cd" * 32, 0)
    for paper, key in (
        (dpia(signed, NOW), "description"),
        (processing_record(signed, NOW), "responsible"),
        (handover(signed, NOW, "rilis-1"), "agreements"),
    ):
        found = section(paper, key)
        assert found["processor_dpo"] == "service-dpo"
        assert found["hosting"] == [{"id": "Penyedia pusat data", "en": "Penyedia pusat data"}]
        (row,) = found["subprocessors"]
        assert row["agreement"] == "KONTRAK/7"
        assert [each["en"] for each in row["tasks"]] == ["hosting", "backups"]
        assert len(row["consents"]) == 3
    silent = section(processing_record(told(silent_tree()), NOW), "responsible")
    assert silent["processor_dpo"]["missing"]["en"] == "not given in the charter"
    assert silent["subprocessors"] == []


@pytest.mark.parametrize(
    ("vintage", "said"),
    [(2019, "2019 book"), (2025, "names the 2025 book, the tables used are of 2019")],
)
def test_a_region_edition_is_what_the_tables_are(vintage: int, said: str) -> None:
    tree = charter_tree()
    tree["region"] = Region(code="31", codebook="kemendagri", vintage=vintage).model_dump()
    shown = section(dpia(told(tree), NOW), "description")["region"]["en"]
    assert said in shown
    assert (vintage == 2019) is ("tables" not in shown)
    advised = {gap.field for gap in gaps(charter_from(tree))}
    assert ("region.vintage" in advised) is (vintage != 2019)


def test_shipped_charters_name_the_books_that_the_tables_are_of() -> None:
    folder = Path(__file__).parents[2]
    for path in ("docs/tutorials/jakarta/charter.yaml", "docs/how-to/febrl4/charter.yaml"):
        found = re.search(r"codebook: (\w+), vintage: (\d+)", (folder / path).read_text("utf-8"))
        assert found is not None
        assert int(found[2]) == BOOK_YEARS[found[1]]


# What the breach notice counts and advises


def test_the_breach_notice_counts_people_and_no_canaries(republic: Republic) -> None:
    reading = Reading(republic.project, "", republic.project.size)
    sent, canaries = republic.manifest("dtks").count, republic.charter.encoding.canaries.rows(0)
    assert canaries
    found = as_json(breach(reading, NOW, Incident(NOW)))["sections"]
    assert {row["rows"] for row in found["what"]["lists"]} == {sent - canaries}
    assert {row["rows"] for row in found["affected"]["uploads"]} == {sent - canaries}
    assert any("nobody" in each["en"] for each in found["what"]["nature"])


def test_the_breach_notice_advises_only_what_the_service_and_the_law_allow() -> None:
    republic = Republic().to("receipt")
    reading = Reading(republic.project, "", republic.project.size)
    advised = " ".join(
        each["en"] for each in section(breach(reading, NOW, Incident(NOW)), "response")["measures"]
    )
    due = long_day(republic.charter.retention.encodings_until + timedelta(days=1)).en
    assert f"the service destroys epoch key and encodings on {due}, not earlier" in advised
    for what in ("service-key", "encodings"):
        with pytest.raises(Refused, match="keeps"):  # what the notice must not advise
            require_destroyable(republic.project, "service", what, NOON)  # type: ignore[arg-type]
    assert "let both authorities sign it into the log" in advised
    assert "next roster version" in advised
