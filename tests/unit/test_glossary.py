"""Texts and pages use the terms of docs/reference/glossary.md, and none of its "not" words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tokenize import COMMENT, generate_tokens

import pytest

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "docs" / "reference" / "glossary.md"
ISTILAH = ROOT / "docs" / "id" / "reference" / "glossary.md"
PACKAGES = ("encoder", "linkage_service", "policy", "padan")
TEMPLATES = (".j2", ".html")
# Words of both languages: wrong in an Indonesian text, right in an English one.
ENGLISH_TOO = frozenset({"dataset", "threshold", "password"})
_TERM = re.compile(r"`(id|en):([^`]+)`")
_NAMES = re.compile(r"--[\w-]+|\b\w+=|'[\w.-]+'|`[^`]*`")
_TAG = re.compile(r"<[^>]*>")
_SPOKEN = re.compile(r'\bt\("([^"]*)"')


@dataclass(frozen=True)
class Text:
    """One text that people read; `indonesian` where it surely is in that language."""

    place: str
    words: str
    indonesian: bool = False


def wrong_words(glossary: str) -> list[str]:
    rows = [line for line in glossary.splitlines() if line.startswith("| ")]
    return [word for row in rows for _, word in _TERM.findall(row)]


def wrong_in(text: Text, words: list[str]) -> list[str]:
    said = _NAMES.sub(" ", text.words).lower()
    return [
        word
        for word in words
        if (text.indonesian or word not in ENGLISH_TOO)
        and word.lower() in said  # which is quick to say, and nearly always no
        and re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", said)
    ]


def texts_of_code(source: str, place: str = "") -> Iterator[Text]:
    """Every string of a module with two words or more; docstrings of commands are help."""
    tree = ast.parse(source)
    inside: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inside.update(ast.walk(node))
            inside.discard(node)
    indonesian = {
        node.args[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Words"
        and node.args
    }
    docstrings = _docstrings(tree)
    for node in ast.walk(tree):
        if node in inside or node in docstrings:
            continue
        words = _written(node)
        if " " in words:
            yield Text(f"{place}:{node.lineno}", words, node in indonesian)  # type: ignore[attr-defined]


def remarks_of_code(source: str, place: str = "") -> Iterator[Text]:
    """Every docstring and comment of a module."""
    for each in _docstrings(ast.parse(source)):
        yield Text(place, " ".join(_written(each).split()))
    for token in generate_tokens(StringIO(source).readline):
        if token.type == COMMENT:
            yield Text(f"{place}:{token.start[0]}", token.string)


def _docstrings(tree: ast.AST) -> set[ast.AST]:
    """The docstrings, but for those with both languages, which are the help of a command."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        first = next(iter(getattr(node, "body", None) or []), None) if _has_body(node) else None
        if isinstance(first, ast.Expr) and " / " not in _written(first.value):
            found.add(first.value)
    return found


def _has_body(node: ast.AST) -> bool:
    return isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)


def _written(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_written(each) or "_" for each in node.values)
    return ""


def texts_of_template(source: str, place: str = "") -> Iterator[Text]:
    for number, line in enumerate(source.splitlines(), 1):
        yield Text(f"{place}:{number}", _TAG.sub(" ", line))
        for words in _SPOKEN.findall(line):
            yield Text(f"{place}:{number}", words, indonesian=True)


def texts_of_page(source: str, place: str = "", *, indonesian: bool = False) -> Iterator[Text]:
    """The lines of a page without its code."""
    code = False
    for number, line in enumerate(source.splitlines(), 1):
        code ^= line.lstrip().startswith("```")
        if not code:
            yield Text(f"{place}:{number}", line, indonesian)


def everything() -> Iterator[Text]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            place = str(path.relative_to(ROOT))
            if path.suffix == ".py":
                yield from texts_of_code(path.read_text("utf-8"), place)
            elif path.suffix in TEMPLATES:
                yield from texts_of_template(path.read_text("utf-8"), place)
    for path in sorted((ROOT / "docs").rglob("*.md")):
        if path not in (GLOSSARY, ISTILAH):
            place = str(path.relative_to(ROOT))
            indonesian = place.startswith("docs/id/")
            yield from texts_of_page(path.read_text("utf-8"), place, indonesian=indonesian)


def terms(glossary: str, english: int) -> set[tuple[str, str]]:
    """The pairs of English and Indonesian term; `english` is the column of the English one."""
    table = glossary.split("## ")[0]
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]
    cells = [[cell.strip("| ") for cell in row] for row in rows]
    return {(row[english], row[1 - english]) for row in cells}


def test_no_text_and_no_page_uses_a_word_that_the_glossary_excludes() -> None:
    english, indonesian = (wrong_words(each.read_text("utf-8")) for each in (GLOSSARY, ISTILAH))
    words = english + indonesian
    assert len(words) > 40
    found = [(text.place, each) for text in everything() for each in wrong_in(text, words)]
    assert found == []


def test_no_docstring_and_no_comment_has_a_word_that_plain_english_excludes() -> None:
    _, plain = GLOSSARY.read_text("utf-8").split("## Plain English")
    words = wrong_words(plain)
    assert len(words) > 8
    found = [
        (remark.place, each)
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for remark in remarks_of_code(path.read_text("utf-8"), str(path.relative_to(ROOT)))
        for each in wrong_in(remark, words)
    ]
    assert found == []


def test_both_languages_of_the_glossary_have_the_same_terms() -> None:
    english, indonesian = (
        terms(GLOSSARY.read_text("utf-8"), 0),
        terms(ISTILAH.read_text("utf-8"), 1),
    )
    assert english == indonesian
    assert ("run", "pemadanan") in english
    assert len(english) > 120


def test_what_is_looked_at_are_the_texts() -> None:
    """Were the gathering to lose a kind of text, the test above would pass on nothing."""
    texts = list(everything())
    for suffix, least in ((".py:", 5000), (".j2:", 100), (".html:", 300), (".md:", 3000)):
        assert sum(suffix in each.place for each in texts) > least, suffix
    assert sum(each.indonesian for each in texts) > 1000


WRONG = ["zaman kunci", "dataset", "mend"]


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (texts_of_code('Words("Zaman kunci dibuka", "Key epoch opened")'), ["zaman kunci"]),
        (texts_of_code('Words(f"Untuk {x} zaman kunci", "e")'), ["zaman kunci"]),
        (texts_of_code('say("di" " zaman kunci", "e")'), ["zaman kunci"]),
        (texts_of_code('Words("Satu dataset", "One dataset")'), ["dataset"]),
        (texts_of_code('Words("ok", "mend it")'), ["mend"]),
        (texts_of_code('def f():\n    """Zaman kunci / key epoch."""'), ["zaman kunci"]),
        (texts_of_code('def f():\n    """A zaman kunci in a comment."""'), []),
        (remarks_of_code('def f():\n    """A zaman\n    kunci."""'), ["zaman kunci"]),
        (remarks_of_code("x = 1  # mend it"), ["mend"]),
        (remarks_of_code('x = "mend"'), []),
        (texts_of_code('Words("Sebut --dataset dan dataset=", "amend the charter")'), []),
        (texts_of_template('<p class="zaman kunci">{{ t("Periode", "Epoch") }}</p>'), []),
        (texts_of_template('{{ t("Pilih dataset", "Choose a dataset") }}'), ["dataset"]),
        (texts_of_template("<p>Zaman kunci</p>"), ["zaman kunci"]),
        (texts_of_page("One dataset in one Zaman Kunci."), ["zaman kunci"]),
        (texts_of_page("```\nzaman kunci\n```\n`zaman kunci`"), []),
    ],
)
def test_a_wrong_word_is_found_where_people_read_it(
    texts: Iterator[Text], found: list[str]
) -> None:
    assert [each for text in texts for each in wrong_in(text, WRONG)] == found
