"""Every page that an officer, an approver, an auditor or a coordinator reads is in two languages.

Both pages of a pair have the same headings, code, tables, lists, links, numbers and names, and
each is in its own language throughout.
"""

from __future__ import annotations

import importlib
import re
import runpy
from collections import Counter
from pathlib import Path

import pytest

from tests.support import markdown
from tests.support.programme import ROOT

MADE = runpy.run_path(str(ROOT / "scripts" / "reference.py"))  # also opens scripts/ to imports
site = importlib.import_module("docs_site")
ENGLISH = [page for page in site.english_pages() if not site.is_english_only(page)]
# Pages that nobody has translated yet. The list only becomes shorter.
NOT_YET = frozenset((ROOT / "docs" / "id" / ".not-yet").read_text("utf-8").split())
PAIRS = sorted(set(ENGLISH) - NOT_YET)
# The programs' own words stay as they are printed, such as names of columns in both languages.
MIXED = ("reference/glossary.md",)


# The front page has its languages in files of two names.
FRONT = "README"


def of_docs(page: str, language: str) -> str:
    if page == FRONT:
        name = "README.id.md" if language == "id" else "README.md"
        return (ROOT / name).read_text(encoding="utf-8")
    folder = site.INDONESIAN if language == "id" else site.DOCS
    return str((folder / page).read_text(encoding="utf-8"))


def apart(page: str, english: str, indonesian: str) -> list[str]:
    """In what the two pages differ; the sentences of the code may name other numbers."""
    en, id_ = markdown.read(english), markdown.read(indonesian)
    found = [
        f"{name}: {one} / {other}"
        for name, one, other in (
            ("headings", en.headings, id_.headings),
            ("tables", en.tables, id_.tables),
            ("items of lists", en.items, id_.items),
            ("names", sorted(en.names - id_.names), sorted(id_.names - en.names)),
            ("links", *_only(_places(en, page, "en"), _places(id_, page, "id"))),
            ("numbers", *_only(en.numbers, id_.numbers)),
        )
        if one != other
        and not (page in MADE["PAGES"] and name in ("names", "numbers"))
        and not (page in MIXED and name == "names")
    ]
    if len(en.blocks) != len(id_.blocks):
        found.append(f"{len(en.blocks)} / {len(id_.blocks)} blocks of code")
    pairs = zip(en.blocks, id_.blocks, strict=False)
    return found + [f"code: {one} / {other}" for one, other in pairs if one != other]


def _only(one: Counter[str], other: Counter[str]) -> tuple[list[str], list[str]]:
    return sorted((one - other).elements()), sorted((other - one).elements())


def _places(page: markdown.Page, name: str, language: str) -> Counter[str]:
    """Where the links and pictures lead; a picture may have a form for each language."""
    places = (_place(each, name, language) for each in page.addresses)
    return Counter(re.sub(r"-(en|id)(?=\.(svg|png)$)", "", each) for each in places)


def _place(address: str, page: str, language: str) -> str:
    if page == FRONT:
        return address.replace("docs/id/", "docs/").replace("README.id", "README").split("#")[0]
    if site.is_relative(address) and not _leaves(address, page, language):
        return str(site.place_of(address, page, language))
    return address.split("#")[0]


def _leaves(address: str, page: str, language: str) -> bool:
    try:
        site.place_of(address, page, language)
    except ValueError:
        return True
    return False


def in_another_language(text: str, language: str) -> list[str]:
    """The paragraphs of a page that are not in its language."""
    other = "id" if language == "en" else "en"
    return [
        paragraph
        for paragraph in markdown.read(text).paragraphs
        if markdown.language_of(paragraph) == other
    ]


def test_every_page_is_in_both_languages() -> None:
    assert set(site.indonesian_pages()) == set(PAIRS)


def test_what_is_not_translated_yet_is_a_page() -> None:
    assert set(ENGLISH) >= NOT_YET


@pytest.mark.parametrize("page", [*PAIRS, FRONT])
def test_both_languages_of_a_page_say_the_same(page: str) -> None:
    assert apart(page, of_docs(page, "en"), of_docs(page, "id")) == []


@pytest.mark.parametrize(
    ("language", "page"),
    [(language, page) for language in ("en", "id") for page in (*PAIRS, FRONT)],
)
def test_a_page_is_in_one_language(language: str, page: str) -> None:
    if page not in MIXED:
        assert in_another_language(of_docs(page, language), language) == []


@pytest.mark.parametrize("page", PAIRS)
def test_an_indonesian_page_leads_to_indonesian_pages(page: str) -> None:
    for address in markdown.read(of_docs(page, "id")).addresses:
        if site.is_relative(address) and not _leaves(address, page, "id"):
            place = site.place_of(address, page, "id")
            target = (site.INDONESIAN / page).parent / address.split("#")[0]
            english = target.resolve() == (site.DOCS / place)
            assert not (english and place in PAIRS), address


# The comparison itself

EN = """# Open a release

Give the command with the option `--open`, and wait for 1,000 rows.
[More](../reference/errors.md).

| a | b |
|---|---|
| 1 | .5 |

- one item

```sh
padan-encoder open PROJECT  # the first one
```
"""
ID = """# Membuka rilis

Berikan perintah itu dengan pilihan `--open`, lalu tunggu 1.000 baris.
[Lainnya](../reference/errors.md).

| a | b |
|---|---|
| 1 | 0,5 |

- satu butir

```sh
padan-encoder open PROYEK  # yang pertama
```
"""
HERE = "how-to/go.md"


def test_two_languages_of_one_page_are_found_to_say_the_same() -> None:
    assert apart(HERE, EN, ID) == []
    assert in_another_language(EN, "en") == in_another_language(ID, "id") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# Membuka", "## Membuka"),
        ("1.000 baris", "2.000 baris"),
        ("`--open`", "`--offen`"),
        ("errors.md", "gates.md"),
        ("| 1 | 0,5 |\n", ""),
        ("- satu butir\n", ""),
        ("encoder open", "encoder list"),
        ("```sh\n", "```text\n"),
        ("```sh\npadan-encoder open PROYEK  # yang pertama\n```\n", ""),
    ],
)
def test_a_difference_is_noticed(old: str, new: str) -> None:
    assert ID.count(old) == 1
    assert apart(HERE, EN, ID.replace(old, new)) != []


def test_a_paragraph_in_the_other_language_is_noticed() -> None:
    lone = "Match IDs leave the service only after other agencies signed for exactly these files."
    other = "Pengenal baru keluar dari layanan sesudah instansi lain menandatangani berkas itu."
    assert in_another_language(f"{ID}\n{lone}\n", "id") == [lone]
    assert in_another_language(f"{EN}\n- {other}\n", "en") == [f"- {other}"]
    assert in_another_language(EN, "id")
    assert in_another_language(ID, "en")


def test_every_english_page_is_seen_as_english() -> None:
    """Were the words of the languages too few, a page in the wrong one would pass."""
    seen = [markdown.language_of(of_docs(page, "en")) for page in ENGLISH if page not in MIXED]
    assert set(seen) == {"en"}


# Links


def pages_on_disk() -> list[Path]:
    return sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])


def dead_links(page: Path, text: str) -> list[str]:
    """Links and pictures of a page that lead to no file, or to no heading of it."""
    dead = []
    for address in markdown.read(text).addresses:
        path, _, anchor = address.partition("#")
        if not site.is_relative(address) and not address.startswith("#"):
            continue
        target = (page.parent / path).resolve() if path else page
        if target in {site.INDONESIAN / each for each in NOT_YET}:
            continue
        if not target.exists() or (
            anchor and anchor not in markdown.anchors(target.read_text(encoding="utf-8"))
        ):
            dead.append(address)
    return dead


def test_every_link_leads_somewhere() -> None:
    dead = {
        str(page.relative_to(ROOT)): found
        for page in pages_on_disk()
        if (found := dead_links(page, page.read_text(encoding="utf-8")))
    }
    assert dead == {}


def test_a_dead_link_is_noticed() -> None:
    page = ROOT / "docs" / "how-to" / "go.md"
    text = "[a](nowhere.md) [b](go.md#nowhere) [c](#nowhere) ![d](go.png) [e](go.md)"
    assert dead_links(page, text) == ["nowhere.md", "go.md#nowhere", "#nowhere", "go.png"]


# The site


def test_links_lead_to_the_pages_of_the_same_language() -> None:
    text = "[a](go.md#x) [b](../../explanation/map.md) ![c](../../assets/c.svg) <https://a.b>"
    made = site.for_the_site(text, "how-to/papers.md", "id")
    assert made == "[a](go.md#x) [b](../explanation/map.md) ![c](../assets/c.svg) <https://a.b>"
    same = "[b](../explanation/map.md) [out](https://example.org/x.md)"
    assert site.for_the_site(same, "how-to/papers.md", "en") == same


def test_an_english_page_of_the_indonesian_site_names_no_english_heading_of_another_page() -> None:
    text = "[a](../how-to/go.md#events-for-programs) [b](formats.md#the-log) [c](#here) [d](x.md)"
    made = site.without_anchors(text, "reference/python.md")
    assert made == "[a](../how-to/go.md) [b](formats.md#the-log) [c](#here) [d](x.md)"


def test_the_sites_differ_in_their_language_alone() -> None:
    english, indonesian = (site.configuration(each).splitlines() for each in ("en", "id"))
    differ = [one for one, other in zip(english, indonesian, strict=True) if one != other]
    assert len(differ) == 6
    assert 'language = "id"' in indonesian
