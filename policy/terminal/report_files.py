"""Writes a report page to the file that a person names: HTML, PDF or JSON, by the file's ending."""

from __future__ import annotations

import json

from policy.base.output import Form, Output
from policy.base.words import current_language, languages
from policy.charts.page import ReportPage, as_html, as_json

REPORT = Form((".html", ".pdf", ".json"), only=True)


def require_writable(out: Output) -> None:
    """Raises BadInput, before any work, if this machine cannot write the file's form."""
    if out.suffix == ".pdf":
        from policy.charts.pdf import require_pdf

        require_pdf()


def write_report(out: Output, report: ReportPage) -> None:
    """HTML has both languages and a switch; a PDF has those of `--lang`."""
    if out.suffix == ".pdf":
        from policy.charts.pdf import as_pdf

        out.write(as_pdf(report, languages()))
    elif out.suffix == ".json":
        out.write((json.dumps(as_json(report), ensure_ascii=False, indent=2) + "\n").encode())
    else:
        first = current_language()
        out.write(as_html(report, (first, "en" if first == "id" else "id")).encode())
