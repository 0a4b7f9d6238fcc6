"""A report page as PDF, for printing and filing (extra `pdf`)."""

from __future__ import annotations

from collections.abc import Sequence

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.extras import require_extra
from policy.base.words import Language, Words
from policy.charts.page import Report, as_html


def require_pdf() -> None:
    """Raises BadInput if this machine cannot write a PDF, before any work is done."""
    require_extra("pdf", "weasyprint")
    try:
        import weasyprint  # noqa: F401  # it loads Pango, which is no Python package
    except OSError:
        raise _no_pango() from None


def as_pdf(report: Report, languages: Sequence[Language]) -> bytes:
    """The report in these languages, one after the other. It fetches nothing."""
    require_pdf()
    from weasyprint import HTML

    documents = [
        HTML(string=as_html(report, (language,)), url_fetcher=_nothing).render()
        for language in languages
    ]
    pages = [page for document in documents for page in document.pages]
    written: bytes = documents[0].copy(pages).write_pdf()
    return written


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
