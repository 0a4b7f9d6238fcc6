"""The report that an auditor files, in a real browser and as it is printed.

PADAN_SCREENSHOTS=folder keeps the pictures and the PDF.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from policy.base.words import Language
from policy.evidence import ReportOrigin, VerificationReport, report_page, verify_bundle
from tests.support.looks import looks_right
from tests.support.republic import Republic, charter_tree

# What fits between the margins of an A4 sheet, in CSS pixels.
SHEET = {"width": 680, "height": 1001}


def report_of(republic: Republic, *, pinned: bool = True) -> VerificationReport:
    digest, kept = republic.roster.digest(), republic.notes[min(republic.notes)]
    return verify_bundle(republic.evidence(), digest if pinned else None, kept if pinned else None)


def written(folder: Path, report: VerificationReport, first: Language = "id") -> str:
    source = ReportOrigin("evidence.zip", "ab" * 32, True, True, 1_795_600_000)
    path = folder / "report.html"
    path.write_text(report_page(report, source, first), encoding="utf-8")
    return path.as_uri()


def test_the_page_asks_for_nothing_from_outside(browser: Any, tmp_path: Path) -> None:
    page, asked = browser.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    address = written(tmp_path, report_of(Republic().to("receipt")))
    page.goto(address)
    assert asked == [address]
    assert page.locator("script, img, link, iframe").count() == 0
    assert page.locator("article").count() == 2
    drawing = page.locator("article#id svg")
    assert "Log sebagai garis waktu" in drawing.text_content()
    dots, said = (
        drawing.locator("circle").count(),
        drawing.locator("text.number").all_text_contents(),
    )
    assert 0 < dots <= sum(int(each) for each in said[:-1])
    # Paper has one design in light and dark.
    looks_right(page, "id", screens=60, prints=False)
    page.close()


def test_the_first_printed_page_says_verdict_limits_and_all_ten_checks(
    browser: Any, tmp_path: Path, pictures: Path
) -> None:
    page = browser.new_page(viewport=SHEET)
    page.goto(written(tmp_path, report_of(Republic().to("receipt"))))
    page.emulate_media(media="print")
    for language, verdict, limits in (
        ("id", "Terverifikasi sampai entri", "Yang tidak dapat dibuktikan"),
        ("en", "Verified up to entry", "What no file can prove"),
    ):
        article = page.locator(f"article#{language}")
        top = article.bounding_box()["y"]
        assert article.locator(".verdict").inner_text().startswith(verdict)
        assert limits in article.locator(".limits").inner_text()
        checks = article.locator(".checks")
        assert checks.locator("tbody tr").count() == 10
        below = checks.bounding_box()
        assert below["y"] + below["height"] - top < SHEET["height"]
    page.screenshot(path=str(pictures / "evidence-print.png"), full_page=True)
    page.pdf(path=str(pictures / "evidence.pdf"), prefer_css_page_size=True)
    assert (pictures / "evidence.pdf").read_bytes().startswith(b"%PDF")
    page.close()


def test_a_failure_is_named_on_top_and_links_to_its_entries(
    browser: Any, tmp_path: Path, pictures: Path
) -> None:
    republic = Republic(approvers=("dinsos-approver",)).to("approve")
    honest = republic.decided()
    rules = tuple(rule.model_copy(update={"passed": True}) for rule in honest.rules)
    lie = honest.model_copy(update={"verdict": "released", "rules": rules})
    republic.force("service", lie, run="rilis-1")
    page = browser.new_page()
    page.goto(written(tmp_path, report_of(republic), "en"))
    article = page.locator("article").first
    assert article.locator(".verdict").inner_text().startswith("NOT VALID: a check failed.")
    assert "0 other agencies approved (2 needed)" in article.locator(".failures").inner_text()
    assert article.locator(".checks tr.failed").count() == 2
    article.get_by_role("link", name="Approvers distinct and entitled").click()
    failed = page.locator("#en-approvals li.failed")
    assert "approvals.rilis-1" in failed.inner_text()
    decided = republic.project.size - 1
    assert f"entries {decided - 1}–{decided}" in failed.inner_text()
    page.screenshot(path=str(pictures / "evidence-failed.png"), full_page=True)
    page.close()


def test_it_reads_on_a_telephone(browser: Any, tmp_path: Path, pictures: Path) -> None:
    """No table is squeezed: words of its columns were broken between letters."""
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(written(tmp_path, report_of(Republic().to("receipt"), pinned=False)))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    squeezed = page.locator("article#id td:visible, article#id th:visible").evaluate_all(
        "all => all.filter(e => e.clientWidth < 40 && e.textContent.trim().length > 6).length"
    )
    assert squeezed == 0
    assert "belum terbukti" in page.locator(".verdict").first.inner_text()
    page.screenshot(path=str(pictures / "evidence-telephone.png"))
    page.close()


def test_people_are_called_by_their_names(browser: Any, tmp_path: Path) -> None:
    """Tables and the line of witnesses say names; one list says which ids the details mean."""
    offices = {"bps": "Badan Pusat Statistik", "dinsos": "Dinas Sosial Kota"}
    page = browser.new_page()
    page.goto(written(tmp_path, report_of(Republic(offices=offices).to("receipt"))))
    said = page.locator("article#id table.stack, article#id > dl").all_inner_texts()
    assert not [each for each in said if re.search(r"\b(bps|dinsos)(?![-\w])", each)]
    assert "Dinas Sosial Kota" in page.locator("article#id table.stack").first.inner_text()
    listed = page.locator("article#id .names")
    terms, told = (listed.locator(each).all_inner_texts() for each in ("dt", "dd"))
    names = dict(zip(terms, told, strict=True))
    assert names["bps"] == "Badan Pusat Statistik"
    page.close()


def test_what_a_stranger_wrote_is_text(browser: Any, tmp_path: Path) -> None:
    tree = charter_tree()
    tree["title"] = {
        "id": "<script>document.title='x'</script><b id=evil>\u202edaerbelbatukreb",
        "en": "</article><img src=//evil.example/x>",
    }
    page, asked = browser.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(written(tmp_path, report_of(witnessed(tree))))
    assert page.locator("script, img, #evil").count() == 0
    assert "\u202e" not in page.content()
    assert len(asked) == 1
    page.close()


def witnessed(tree: dict[str, Any]) -> Republic:
    republic = Republic(tree).to("commit")
    republic.witness()
    return republic
