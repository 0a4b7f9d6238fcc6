"""Every error code is in an enum, is raised somewhere, and is explained on its page."""

from __future__ import annotations

import importlib
import runpy
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from encoder.error_codes import EncoderCode
from policy.base.error_codes import PolicyCode
from policy.base.words import Words
from tests.support.programme import ROOT

MADE = runpy.run_path(str(ROOT / "scripts" / "reference.py"))  # also opens scripts/ to imports
pages = importlib.import_module("error_pages")
sites = importlib.import_module("error_sites")


def test_every_code_of_an_enum_is_raised() -> None:
    raised = {site.code for site in pages.error_sites()}
    unused = [code for codes in pages.ENUMS for code in codes if code not in raised]
    assert unused == []


def test_every_raise_names_its_code_by_an_enum_or_is_known_to_put_it_together() -> None:
    formed = {site.place for site in pages.error_sites() if site.code is None}
    assert formed == set(pages.FORMED)
    of_enums = {type(site.code) for site in pages.error_sites() if site.code is not None}
    assert of_enums == set(pages.ENUMS)


# The field or the ids that are wrong are the whole problem, so that only the remedy is fixed.
_ONLY_REMEDY = {PolicyCode.CHARTER_FIELD, EncoderCode.FILE_RECORD_ID_REPEATED}


def test_every_code_has_a_text_and_a_remedy_in_both_languages() -> None:
    """At one of the places that raise it, at least, both are known from the source."""
    remedied = {site.code for site in pages.error_sites() if _is_known(site.hint)}
    explained = {site.code for site in pages.error_sites() if _is_known(site.problem)}
    every = {code for codes in pages.ENUMS for code in codes}
    assert every - remedied == set()
    assert every - explained == _ONLY_REMEDY


def test_a_changed_remedy_makes_the_page_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    written = (MADE["FOLDER"] / "reference/error-codes.md").read_text(encoding="utf-8")
    assert pages.error_codes("en") == written
    found = list(pages.error_sites())
    at = next(index for index, site in enumerate(found) if site.code is not None)
    found[at] = replace(found[at], hint=Words("Lain.", "Another."))
    monkeypatch.setattr(pages, "error_sites", lambda: found)
    assert pages.error_codes("en") != written


@pytest.mark.parametrize(
    ("code", "is_named"), [("PolicyCode.FILE_MISSING", True), ('"file.missing"', False)]
)
def test_a_code_that_is_spelled_out_is_noticed(
    code: str, is_named: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a function is handed the code, its words and a name."""
    package = f"raises_{'named' if is_named else 'spelled'}"
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").write_text(_RAISES.format(code=code), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    found = list(sites.Source(tmp_path, [package]).sites())
    monkeypatch.delitem(sys.modules, package)
    assert [site.code is not None for site in found] == [is_named]
    assert found[0].problem == Words("Berkas … tidak ada.", "The file … is not there.")
    assert found[0].hint == Words("Cari.", "Look for it.")


_RAISES = """
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from encoder.error_codes import EncoderCode
from policy.base.error_codes import PolicyCode
from policy.base.words import Words

LOOK = Words("Cari.", "Look for it.")


def error(code: PolicyCode, what: Words, name: str) -> BadInput:
    problem = Words(f"{{what.id}} {{name}} tidak ada.", f"{{what.en}} {{name}} is not there.")
    return BadInput(code, problem, LOOK)


def find(name: str) -> None:
    raise error({code}, Words("Berkas", "The file"), name)
"""


def _is_known(words: Words) -> bool:
    return all(text.strip(" ….:") for text in (words.id, words.en))
