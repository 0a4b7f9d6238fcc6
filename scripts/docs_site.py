"""The documentation site, in two languages: `python scripts/docs_site.py` writes site/.

English pages are in docs/, and the Indonesian page of each is under docs/id/ at the same path. Each
language becomes a site of its own, with its own search: site/en and site/id. A page has the same
address in both, so the switch in the header leads from a page to the same page.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
INDONESIAN = DOCS / "id"

# Pages for developers, and decisions: in English only.
ENGLISH_ONLY = (
    "explanation/decisions/",
    "explanation/map.md",
    "explanation/matching-kernel.md",
    "reference/benchmarks.md",
    "reference/formats.md",
    "reference/http-api.md",
    "reference/python.md",
)
_NOTE = """!!! note "Dalam bahasa Inggris"
    Halaman untuk pengembang ini hanya ada dalam bahasa Inggris.

"""
_LATER = """!!! warning "Belum diterjemahkan"
    Halaman ini belum ada dalam bahasa Indonesia.

"""
# A link or a picture of Markdown, up to its address: [text](address) or ![text](address).
LINK = re.compile(r"(\]\()([^)\s]+)(?=[)\s])")

_CHOICE = """<!doctype html>
<html lang="id">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Padan</title>
<script>
  location.replace(/^en/.test(navigator.language) ? "en/index.html" : "id/index.html");
</script>
<p><a href="id/index.html">Bahasa Indonesia</a></p>
<p lang="en"><a href="en/index.html">English</a></p>
</html>
"""


def english_pages() -> list[str]:
    """Every English page, by its path below docs/."""
    return sorted(
        path.relative_to(DOCS).as_posix()
        for path in DOCS.rglob("*.md")
        if INDONESIAN not in path.parents
    )


def indonesian_pages() -> list[str]:
    """Every Indonesian page, by its path below docs/id/."""
    return sorted(path.relative_to(INDONESIAN).as_posix() for path in INDONESIAN.rglob("*.md"))


def is_english_only(page: str) -> bool:
    return page.startswith(ENGLISH_ONLY)


def place_of(address: str, page: str, language: str) -> str:
    """Where a relative link of a page leads, by its path below docs/ without the language.

    Raises ValueError if it leaves docs/.
    """
    folder = INDONESIAN if language == "id" else DOCS
    target = os.path.normpath((folder / page).parent / address.split("#")[0])
    base = INDONESIAN if Path(target).is_relative_to(INDONESIAN) else DOCS
    return Path(target).relative_to(base).as_posix()


def is_relative(address: str) -> bool:
    return not re.match(r"[a-z]+:|#|/", address)


def for_the_site(text: str, page: str, language: str) -> str:
    """A page whose links lead to the tree of its own language."""

    def rewrite(match: re.Match[str]) -> str:
        address = match[2]
        if not is_relative(address):
            return match[0]
        anchor = address[len(address.split("#")[0]) :]
        place = place_of(address, page, language)
        return match[1] + os.path.relpath(place, Path(page).parent).replace(os.sep, "/") + anchor

    return LINK.sub(rewrite, text)


def trees() -> Iterator[tuple[str, Path]]:
    """Write what each site is built from, and give its language and folder."""
    for language in ("en", "id"):
        folder = ROOT / "build" / "docs" / language
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(DOCS, folder, ignore=shutil.ignore_patterns("id", "*.md", ".*"))
        shutil.copy(DOCS / ("id" if language == "id" else "") / ".nav.yml", folder)
        for page in english_pages():
            target = folder / page
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_page(page, language), encoding="utf-8")
        yield language, folder


def _page(page: str, language: str) -> str:
    english = for_the_site((DOCS / page).read_text("utf-8"), page, "en")
    if language == "en":
        return english
    if (INDONESIAN / page).exists():
        return for_the_site((INDONESIAN / page).read_text("utf-8"), page, "id")
    return (_NOTE if is_english_only(page) else _LATER) + without_anchors(english, page)


def without_anchors(text: str, page: str) -> str:
    """An English page of the Indonesian site: headings of Indonesian pages are other ones."""

    def rewrite(match: re.Match[str]) -> str:
        path = match[2].split("#")[0]
        if not path or not is_relative(match[2]) or is_english_only(place_of(path, page, "en")):
            return match[0]
        return match[1] + path

    return LINK.sub(rewrite, text)


def configuration(language: str) -> str:
    """zensical.toml is the English site's; the Indonesian one differs in where and in which."""
    text = (ROOT / "zensical.toml").read_text(encoding="utf-8")
    if language == "id":
        for one, other in (
            ('"build/docs/en"', '"build/docs/id"'),
            ('"site/en"', '"site/id"'),
            ('language = "en"', 'language = "id"'),
            ('"Privacy-preserving record linkage"', '"Pemadanan data yang menjaga privasi"'),
            ('"Dark mode"', '"Mode gelap"'),
            ('"Light mode"', '"Mode terang"'),
        ):
            assert text.count(one) == 1, one
            text = text.replace(one, other)
    return text


def main() -> None:
    shutil.rmtree(ROOT / "site", ignore_errors=True)
    for language, _ in trees():
        file = ROOT / f".zensical.{language}.toml"
        file.write_text(configuration(language), encoding="utf-8")
        try:
            command = (sys.executable, "-m", "zensical", "build", "--clean", "--strict", "-f", file)
            subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - all is made here
        finally:
            file.unlink()
    (ROOT / "site" / "index.html").write_text(_CHOICE, encoding="utf-8")


if __name__ == "__main__":
    main()
