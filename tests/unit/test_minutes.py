"""Official records (berita acara) as a ministry signs them: head, formula, offices, signatures."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from policy.base.canonical import sha256
from policy.base.dates import day_in_words, long_day
from policy.base.errors import BadInput
from policy.base.numerals import in_words, ordinal
from policy.cli import papers
from policy.papers.destruction import destruction
from policy.papers.handover import handover
from policy.papers.letterhead import MOST_LINES, read_letterhead
from policy.papers.minutes import Meeting, all_called
from policy.papers.paper import Letterhead, Paper
from policy.papers.reading import Reading
from policy.papers.render import as_html, as_json, as_markdown
from policy.statements import Destroyed
from tests.support.republic import MEMBERS, NOON, Republic, charter_tree

NOW = datetime.fromtimestamp(NOON, UTC)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
OFFICES = {
    "bps": "Badan Pusat Statistik",
    "dinsos": "Dinas Sosial Provinsi",
    "dppapp": "Dinas Pemberdayaan Provinsi",
    "service": "Unit Layanan Pemadanan",
    "bps-approver": "Penyetuju Statistik",
    "dppapp-approver": "Penyetuju Pemberdayaan",
    "service-dpo": "Pejabat PDP Layanan",
    "auditor": "Badan Pengawas",
}


# Nobody's office is called by the member's id.
ALL_OFFICES = {name: OFFICES.get(name, f"Kantor {number}") for number, name in enumerate(MEMBERS)}


def reading(republic: Republic) -> Reading:
    return Reading(republic.project, "ab" * 32, republic.project.size)


@pytest.fixture(scope="module")
def released() -> Reading:
    return reading(Republic(offices=ALL_OFFICES).to("receipt"))


@pytest.fixture(scope="module")
def destroyed() -> Reading:
    due = NOW.date() + timedelta(days=30)
    tree = charter_tree()
    tree["retention"] |= {"encodings_until": due - timedelta(days=1), "releases_until": due}
    republic = Republic(tree=tree, offices=ALL_OFFICES).to("receipt")
    at = int(datetime(due.year, due.month, due.day, 5, tzinfo=UTC).timestamp())
    republic.now = at
    republic.witness()
    objects = tuple(sorted(e.digest for e in republic.project.bundles().values()))
    body = Destroyed(at=at, what="encodings", due=due, early=False, objects=objects, count=3)
    republic.say("service", body)
    return reading(republic)


def signed_part(paper: Paper) -> str:
    """What is signed, as people read it; the review sheet after it is not."""
    html = as_html(paper, "id")
    body = html[html.index("<main>") : html.index('<aside class="review">')]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


# -- numbers and days in words --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (1, "satu"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (31, "tiga puluh satu"),
        (100, "seratus"),
        (111, "seratus sebelas"),
        (215, "dua ratus lima belas"),
        (1000, "seribu"),
        (1001, "seribu satu"),
        (1945, "seribu sembilan ratus empat puluh lima"),
        (2000, "dua ribu"),
        (2026, "dua ribu dua puluh enam"),
        (11_100, "sebelas ribu seratus"),
        (999_999, "sembilan ratus sembilan puluh sembilan ribu sembilan ratus sembilan puluh"
         " sembilan"),
    ],
)  # fmt: skip
def test_numbers_in_indonesian_words(number: int, words: str) -> None:
    assert in_words(number) == words


def test_numbers_beyond_have_no_words() -> None:
    for number in (-1, 1_000_000):
        with pytest.raises(ValueError, match="no words"):
            in_words(number)
    assert [ordinal(each) for each in (1, 2, 11)] == ["pertama", "kedua", "kesebelas"]


def test_a_day_as_an_official_document_opens() -> None:
    day = day_in_words(date(2026, 11, 9))
    assert (
        day.id
        == "Senin, tanggal sembilan bulan November tahun dua ribu dua puluh enam, (09-11-2026)"
    )
    assert day.en == "Monday, 9 November 2026, (09-11-2026)"
    assert all_called([2]).id == "PIHAK KEDUA"
    assert all_called([2, 3]).id == "PIHAK KEDUA dan PIHAK KETIGA"
    assert all_called([2, 3, 4]).en == "SECOND PARTY, THIRD PARTY, and FOURTH PARTY"


# -- the record of handover -----------------------------------------------------------------------


def test_the_handover_opens_closes_and_is_signed_as_a_ministry_does(released: Reading) -> None:
    meeting = Meeting(
        letterhead=Letterhead(("Pemerintah Provinsi", "Dinas Contoh"), ("Jalan Contoh 1",)),
        number="BA/12/2026",
        place="Jakarta",
        day=NOW.date() + timedelta(days=1),
        posts={"dinsos": "Kepala Dinas Sosial"},
        witnesses=("Kepala Bidang Statistik, Diskominfotik",),
    )
    text = signed_part(handover(released, NOW, "rilis-1", meeting))
    day = day_in_words(NOW.date() + timedelta(days=1)).id
    head, _, digits = day.rpartition(", ")
    assert f"Pada hari ini, {head}, {digits} , bertempat di Jakarta" in text
    order = [
        "Pemerintah Provinsi",
        "Jalan Contoh 1",
        "Nomor: BA/12/2026",
        "Pada hari ini, ",
        "Instansi : Unit Layanan Pemadanan",
        "selanjutnya disebut PIHAK PERTAMA",
        "Jabatan : Kepala Dinas Sosial",
        "Instansi : Dinas Sosial Provinsi",
        "PIHAK PERTAMA menyerahkan hasil pemadanan rilis-1",
        "Demikian berita acara ini dibuat dengan sebenarnya dalam rangkap empat (4)",
        f"Jakarta, {long_day(NOW.date() + timedelta(days=1)).id}",
        "Saksi-saksi",
        "Kepala Bidang Statistik, Diskominfotik",
    ]
    places = [text.index(each) for each in order]
    assert places == sorted(places)
    assert text.count("NIP") == 4 + 4 + 1


def test_what_the_officer_did_not_say_is_left_to_write_by_hand(released: Reading) -> None:
    text = signed_part(handover(released, NOW, "rilis-1"))
    assert "bertempat di ......" in text
    assert "Nomor: ......" in text
    assert "Jabatan : ......" in text
    assert text.count("SAKSI") == 2
    assert day_in_words(NOW.date()).id.split(", ")[1] in text  # today, in Jakarta


@pytest.mark.parametrize("kind", ["handover", "destruction"])
def test_offices_stand_where_ids_stood(kind: str, released: Reading, destroyed: Reading) -> None:
    later = NOW + timedelta(days=31)
    paper = (
        handover(released, NOW, "rilis-1") if kind == "handover" else destruction(destroyed, later)
    )
    text = signed_part(paper)
    names = {each.id for each in released.project.roster.members}
    # Lists and domains keep their codes; one domain here is called like no member.
    words = set(re.findall(r"[a-z0-9-]+", text))
    assert not words & names
    assert OFFICES["service"] in text


def test_machines_read_ids_and_the_head_of_the_record(released: Reading) -> None:
    paper = as_json(handover(released, NOW, "rilis-1", Meeting(place="Jakarta")))
    assert paper["sections"]["decision"]["requested_by"] == "dinsos"
    head = paper["minutes"]
    assert [each["office"] for each in head["parties"]] == ["service", "bps", "dinsos", "dppapp"]
    assert head["place"] == "Jakarta"
    assert head["number"]["missing"]["en"] == "to be filled in by the officer"
    assert head["opening"]["id"].startswith("Pada hari ini, ")


def test_the_draft_and_the_lawyers_list_are_on_a_sheet_of_their_own(released: Reading) -> None:
    html = as_html(handover(released, NOW, "rilis-1"), "id")
    sheet = html[html.index('<aside class="review">') :]
    assert "RANCANGAN" in sheet
    assert released.project.charter_digest in sheet
    assert "Harus dipastikan ahli hukum" in sheet
    # Before that sheet the mark of a draft is for the screen alone.
    assert html.index('<div class="screen">') < html.index("RANCANGAN")
    assert re.search(r"@media print \{ \.screen[^}]*\{ display: none; \}", html)


def test_a_record_is_not_dated_before_what_it_is_about(
    released: Reading, destroyed: Reading
) -> None:
    yesterday = Meeting(day=NOW.date() - timedelta(days=1))
    with pytest.raises(BadInput) as refused:
        handover(released, NOW, "rilis-1", yesterday)
    assert refused.value.code == "papers.day"
    with pytest.raises(BadInput) as refused:
        destruction(destroyed, NOW + timedelta(days=31), None, Meeting(day=NOW.date()))
    assert refused.value.code == "papers.day"


def test_a_post_is_of_somebody_who_signs(released: Reading) -> None:
    with pytest.raises(BadInput) as refused:
        handover(released, NOW, "rilis-1", Meeting(posts={"auditor": "Kepala"}))
    assert refused.value.code == "papers.post"
    assert "dinsos" in refused.value.hint.en


def test_the_certificate_of_destruction_is_a_record_too(destroyed: Reading) -> None:
    later = NOW + timedelta(days=31)
    meeting = Meeting(place="Jakarta", posts={"service": "Kepala Unit"}, witnesses=("A", "B"))
    text = signed_part(destruction(destroyed, later, None, meeting))
    assert "Pada hari ini, " in text
    assert "PIHAK PERTAMA telah memusnahkan data pribadi" in text
    assert "dalam rangkap satu (1)" in text
    assert text.index("SAKSI PERTAMA") < text.index("SAKSI KEDUA")
    assert "Unit Layanan Pemadanan" in text


# -- letterheads ----------------------------------------------------------------------------------


def test_a_letterhead_is_text_or_an_image(tmp_path: Path, released: Reading) -> None:
    text, image = tmp_path / "kop.txt", tmp_path / "kop.png"
    text.write_text("\nPemerintah Provinsi\r\nDinas <Contoh> & Lain\n\nJalan Contoh 1\n", "utf-8")
    image.write_bytes(PNG)
    assert read_letterhead(text) == Letterhead(
        ("Pemerintah Provinsi", "Dinas <Contoh> & Lain"), ("Jalan Contoh 1",)
    )
    shown = as_html(handover(released, NOW, "rilis-1", Meeting(read_letterhead(text))), "id")
    assert "Dinas &lt;Contoh&gt; &amp; Lain" in shown
    for paper in (handover(released, NOW, "rilis-1", Meeting(read_letterhead(image))),):
        html = as_html(paper, "en")
        assert f'<img src="data:image/png;base64,{base64.b64encode(PNG).decode()}"' in html
        assert "img-src data:" in html
        assert "data:image/png" in as_markdown(paper, "en")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n \n",
        b"\xff\xfe\x00",
        b"GIF89a",
        b"<svg onload='x'>\x00</svg>",
        b"x" * 121,
        b"line\n" * (MOST_LINES + 1),
        "Dinas\u202etxt.sosniD".encode(),
    ],
)
def test_other_files_are_no_letterhead(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "kop"
    path.write_bytes(content)
    if content == b"GIF89a":  # a line of text like any other
        assert read_letterhead(path).names == ("GIF89a",)
        return
    with pytest.raises(BadInput) as refused:
        read_letterhead(path)
    assert refused.value.code == "papers.letterhead"


def test_a_letterhead_that_is_missing_or_huge_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="kop"):
        read_letterhead(tmp_path / "kop.png")
    huge = tmp_path / "huge.png"
    huge.write_bytes(PNG + bytes(3 * 1024 * 1024))
    with pytest.raises(BadInput) as refused:
        read_letterhead(huge)
    assert refused.value.code == "file.too-large"


# -- the commands ---------------------------------------------------------------------------------


def run(kind: str, *arguments: str) -> None:
    papers.app([kind, *arguments], standalone_mode=False)


def test_the_command_takes_head_place_day_posts_and_witnesses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, released: Reading
) -> None:
    monkeypatch.setattr(papers, "reading_of", lambda *_: released)
    kop, out = tmp_path / "kop.txt", tmp_path / "bast.json"
    kop.write_text("Dinas Contoh\n", "utf-8")
    day = str(NOW.date() + timedelta(days=1))
    options = [
        *("--release", "rilis-1", "--kop", str(kop), "--number", "BA/1", "--place", "Jakarta"),
        *("--day", day, "--post", "dinsos=Kepala Dinas", "--post", "bps=Direktur = Utama"),
        *("--witness", "Kepala Bidang", "--witness", "Sekretaris", "--out", str(out)),
    ]
    run("handover", *options)
    head: dict[str, Any] = json.loads(out.read_text("utf-8"))["minutes"]
    assert (head["number"], head["place"], head["day"]) == ("BA/1", "Jakarta", day)
    posts = {each["office"]: each["post"] for each in head["parties"]}
    assert (posts["dinsos"], posts["bps"]) == ("Kepala Dinas", "Direktur = Utama")
    assert [each["post"] for each in head["witnesses"]] == ["Kepala Bidang", "Sekretaris"]
    for wrong in ("dinsos", "=Kepala", "dinsos="):
        with pytest.raises(BadInput) as refused:
            run("handover", "--release", "rilis-1", "--post", wrong, "--out", str(out), "--force")
        assert refused.value.code == "papers.post-form"


def test_the_letterhead_is_never_written_over(tmp_path: Path) -> None:
    kop = tmp_path / "kop.html"
    kop.write_text("Dinas Contoh\n", "utf-8")
    before = sha256(kop.read_bytes())
    with pytest.raises(BadInput):
        run("handover", "x", "--release", "r", "--kop", str(kop), "--out", str(kop), "--force")
    assert sha256(kop.read_bytes()) == before
