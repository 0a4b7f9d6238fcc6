"""A report page as PDF, for printing and filing (extra `pdf`)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.extras import require_extra
from policy.base.words import Language, Words
from policy.charts.page import ReportPage, as_html, drawing_style, style


def require_pdf() -> None:
    """Raises BadInput if this machine cannot write a PDF, before any work is done."""
    require_extra("pdf", "weasyprint")
    try:
        import weasyprint  # noqa: F401  # it loads Pango, which is no Python package
    except OSError:
        raise _no_pango() from None


def as_pdf(report: ReportPage, languages: Sequence[Language]) -> bytes:
    """The report in these languages, one after the other. It fetches nothing."""
    require_pdf()
    from weasyprint import HTML

    documents = [
        HTML(string=_on_paper(as_html(report, (language,))), url_fetcher=_nothing).render()
        for language in languages
    ]
    pages = [page for document in documents for page in document.pages]
    written: bytes = documents[0].copy(pages).write_pdf()
    return written


def _on_paper(html: str) -> str:
    """The page with a style inside each drawing: WeasyPrint gives drawings no other one."""
    paper = style().split("@media print")[1]
    colours = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", paper))
    drawn = re.sub(r"var\(--([a-z0-9-]+)\)", lambda name: colours[name[1]], drawing_style())
    return re.sub(r"(<svg [^>]*>)", lambda tag: f"{tag[1]}<style>{drawn}</style>", html)


def _nothing(url: str, *_: object) -> dict[str, object]:
    raise ValueError("a report has no outside assets")


def _no_pango() -> BadInput:
    return BadInput(
        PolicyCode.EXTRA_MISSING,
        Words(
            'Bagian tambahan "pdf" memerlukan pustaka Pango, yang belum terpasang di komputer ini.',
            'The extra "pdf" needs the library Pango, which this machine does not have.',
        ),
        Words(
            "Debian dan Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0."
            " Atau tulis .html dan cetak dari peramban.",
            "Debian and Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0."
            " Or write .html and print it from a browser.",
        ),
    )
