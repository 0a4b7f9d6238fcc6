"""Step 3: which column is which field, and which people a column of the list leaves out."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from encoder.source.mapping import Mapping, StatusColumn, columns_of
from encoder.source.presets.proposal import propose
from encoder.steps.inspect import Inspection
from encoder.ui.choices import ORDERS, Details, choice_of, id_columns, record_id_of, source_of
from encoder.ui.hints import PAGE_WORDS
from encoder.ui.pages.frame import OfficerFrame
from encoder.ui.status import MOST_VALUES
from policy.base.words import Words
from policy.charter import Dataset


class ColumnPages:
    """The mapping, proposed and changed."""

    def __init__(self, frame: OfficerFrame) -> None:
        self._frame, self._officer = frame, frame.officer

    def facts(self) -> dict[str, Any]:
        officer = self._officer
        found, mapping = officer.inspection(), officer.mapping()
        charter = officer.session(network=False).charter
        roles = propose(found.columns, found.fit.layout if found.fit else None).roles
        code, age = roles.get("code_region"), None if "dob" in roles else roles.get("age")
        unread = {each.column for each in found.payload}
        choices = [column for column in found.columns if column and column not in unread]
        mapped = {each for source in mapping.fields.values() for each in columns_of(source)}
        return {
            "found": found,
            "sheets": officer.require_sheet().sheets,
            "warnings": list(dict.fromkeys(map(PAGE_WORDS.told, found.warnings))),
            "unlike": unlike(found, charter.dataset(officer.dataset)),
            "mapping": mapping,
            "record_id": id_columns(mapping.record_id),
            "fields": [
                choice_of(each, mapping.fields.get(each.name), code, age) for each in charter.fields
            ],
            "choices": choices,
            "orders": ORDERS,
            "marked": officer.status_values(),
            "status_choices": [column for column in choices if column not in mapped],
            "most_values": MOST_VALUES,
        }

    async def save(self, request: Request) -> Response:
        """Save the choices and check the quality; for a new column, first ask which values
        count."""
        form = await request.form()
        column, shown = _text(form, "status"), _text(form, "status_shown")
        shows = "show" in form or column not in ("", shown)

        def act() -> None:
            self._officer.show_status(column)
            self._officer.save_mapping(chosen_in(form, self._officer.mapping()))
            if not shows:
                self._officer.check_quality()

        then = "/step/columns#status" if shows else "/step/quality"
        return self._frame.do(request, "columns", act, then)


def chosen_in(form: FormData, before: Mapping) -> Mapping:
    """The mapping with a form's choices."""
    fields = {
        name: source_of(_text(form, f"field-{name}"), source, _details(form, name))
        for name, source in before.fields.items()
    }
    changed: dict[str, Any] = {
        "fields": fields,
        "record_id": record_id_of(
            _text(form, "record_id"), _text(form, "record_id_with"), before.record_id
        ),
        "repeated_ids": "keep" if form.get("keep_repeated") else "refuse",
        "damaged_identifiers": "drop" if form.get("drop") else "refuse",
        "status": _status(form),
    }
    return before.model_copy(update=changed)


def _details(form: FormData, field: str) -> Details:
    said = {each: _text(form, f"{each}-{field}") for each in ("year", "order", "male", "female")}
    return Details(**said)


def _status(form: FormData) -> StatusColumn | None:
    """Nobody is left out by a column whose values were not shown."""
    column = _text(form, "status")
    values = tuple(str(each) for each in form.getlist("leave_out"))
    if not column or not values or column != _text(form, "status_shown"):
        return None
    return StatusColumn(column=column, leave_out=values)


def _text(form: FormData, name: str) -> str:
    return str(form.get(name, ""))


def unlike(found: Inspection, dataset: Dataset) -> Words | None:
    """A warning if the file looks like another source than the charter's: it may be wrong."""
    layout = None if found.fit is None else found.fit.layout
    known = None if layout is None else layout.source
    if layout is None or known in (None, "other", dataset.source) or dataset.source == "other":
        return None
    return Words(
        f"Berkas ini tampak seperti {layout.title.id}, sedangkan {dataset.id} menurut piagam adalah"
        f" {dataset.title.id}. Pastikan berkasnya benar.",
        f"This file looks like {layout.title.en}, but by the charter {dataset.id} is"
        f" {dataset.title.en}. Make sure that it is the right file.",
    )
