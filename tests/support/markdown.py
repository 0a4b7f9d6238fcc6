"""A page of the documentation, taken apart: what both languages of it must have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

# Words that nearly every paragraph of the one language has, and no word of the other.
INDONESIAN = frozenset(
    "adalah agar akan atau baru belum berapa bila boleh bukan dalam dan dapat dari dengan di dua"
    " hanya harus ini itu jika juga kali karena ke kecuali kedua lain lalu lewat maka masih menurut"
    " mereka oleh orang pada para satu sebagai sebelum sebuah sedang sehingga semua sendiri seperti"
    " sesudah setelah setiap siapa sudah supaya tanpa tetap tiap tidak tiga untuk yang anda".split()
)
ENGLISH = frozenset(
    "after all also an and are as at be because been before but can does each every for from"
    " had has have how if in into is it its may more no not of on only or other over so than that"
    " the their them then there these they this those to two was were what when which who whose"
    " will with without you your".split()
)
SAME_IN_BOTH = frozenset({"sh", "yaml", "json", "python", "powershell", "toml", "csv"})

_FENCE = re.compile(r"^([ \t]*)(```+)(\S*)[^\n]*\n(.*?)^[ \t]*\2[ \t]*$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
_LINK = re.compile(r"\]\(([^)\s]+)[^)]*\)")
_NUMBER = re.compile(r"(?<![\w-])\.?\d(?:[\d.,:]*\d)?(?![\w-])")
_PLACEHOLDER = re.compile(r"\b[A-Z]{3,}(?:[-_][A-Z]+)*\b")
_NAME = re.compile(r"--[a-z][\w-]*|\b[a-z][a-z0-9]*(?:[-._][a-z0-9]+)+")


@dataclass(frozen=True)
class Page:
    """What can be compared; prose is without code."""

    headings: tuple[int, ...]  # their levels, in order
    blocks: tuple[str, ...]  # code, without comments and placeholders; of output: its lines
    tables: tuple[tuple[int, int], ...]  # rows and columns, in order
    items: int  # of lists
    addresses: tuple[str, ...]  # of links and pictures, in order
    numbers: Counter[str]  # digits of the numbers in prose
    names: frozenset[str]  # options, codes, files and programs in inline code
    paragraphs: tuple[str, ...]


def read(text: str) -> Page:
    """Take a page of Markdown apart."""
    text = _COMMENT.sub("", text)
    blocks = tuple(_block(each[3], each[4]) for each in _FENCE.finditer(text))
    prose = _FENCE.sub("", text)
    words = _LINK.sub("] ", _CODE.sub("` `", prose))
    lines = prose.splitlines()
    return Page(
        headings=tuple(len(each) for each in re.findall(r"^(#+) ", prose, re.MULTILINE)),
        blocks=blocks,
        tables=tuple(_tables(lines)),
        items=sum(bool(re.match(r"\s*([-*]|\d+\.) ", line)) for line in lines),
        addresses=tuple(_LINK.findall(prose)),
        numbers=Counter(map(digits, _NUMBER.findall(words))),
        names=frozenset(name for code in _CODE.findall(prose) for name in _NAME.findall(code)),
        paragraphs=tuple(_paragraphs(words)),
    )


def digits(number: str) -> str:
    """1,000 is 1.000 in Indonesian, and .5 is 0,5."""
    return re.sub(r"\D", "", number).lstrip("0") or "0"


def _block(kind: str, code: str) -> str:
    lines = code.splitlines()
    if kind not in SAME_IN_BOTH:
        return f"{kind}: {len(lines)} lines"
    lines = [re.sub(r"(^|\s+)(#|//) .*$", "", line).strip() for line in lines]
    return kind + "\n" + _PLACEHOLDER.sub("X", "\n".join(line for line in lines if line))


def _tables(lines: list[str]) -> Iterator[tuple[int, int]]:
    rows, columns = 0, 0
    for line in (*lines, ""):
        if line.lstrip().startswith("|"):
            rows += 1
            columns = max(columns, len(re.findall(r"(?<!\\)\|", line)) - 1)
        elif rows:
            yield rows, columns
            rows, columns = 0, 0


def _paragraphs(prose: str) -> Iterator[str]:
    """Paragraphs, items, headings and rows of tables."""
    parts = re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )|\n(?=\|)", prose)
    yield from (" ".join(part.split()) for part in parts if part.strip())


def language_of(text: str, fewest: int = 8) -> Literal["id", "en"] | None:
    """By its small words; None where a text is too short to say or has too few of them."""
    words = re.findall(r"[a-z]+", re.sub(r"\S+[/.]\S+", " ", text.lower()))
    indonesian = sum(word in INDONESIAN for word in words)
    english = sum(word in ENGLISH for word in words)
    if len(words) < fewest or max(indonesian, english) < 2:
        return None
    return "id" if indonesian > english else "en"


def slug(heading: str) -> str:
    """The anchor that the site gives a heading."""
    words = re.sub(r"\]\([^)]*\)|[`*\[]", "", heading).lower()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", words).strip())


def anchors(text: str) -> set[str]:
    """Every anchor of a page."""
    prose = _FENCE.sub("", text)
    return {slug(each) for each in re.findall(r"^#+ (.+)$", prose, re.MULTILINE)}
