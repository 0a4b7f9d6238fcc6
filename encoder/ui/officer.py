"""The officer's choices so far, and their files in the home folder.

chosen.py says which files lie in HOME/projects/PROJECT/sources/.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from encoder.error_codes import EncoderCode
from encoder.quality import FileProfile, profile_file
from encoder.source.first_look import told
from encoder.source.mapping import Mapping, load_mapping
from encoder.steps.inspect import Inspection, inspect_source
from encoder.steps.workspace import Workspace
from encoder.store.prepared import PreparedDataset
from encoder.ui.at_work import AtWork
from encoder.ui.chosen import Chosen, SourceFolder, called, carried_over, copy_privately, state_of
from encoder.ui.status import StatusValues, status_values
from encoder.ui.workbook import SheetSummary, on_sheets, only_sheet, require_alike, sheets_of
from policy.base.errors import BadInput, NotYet, PadanError
from policy.base.files import shred_file
from policy.base.words import Words, number
from policy.charter import Dataset, LinkageField
from policy.terminal.local_page.jobs import Advance


@dataclass(frozen=True)
class DroppedIds:
    """A list of ids that was dropped on the page; in memory, since it is not kept."""

    name: str
    ids: bytes = field(repr=False)


@dataclass
class Officer(AtWork):
    """One person at this machine. Only the files outlive the process."""

    _inspected: tuple[object, Inspection] | None = None
    _profiled: tuple[object, FileProfile] | None = None
    _valued: tuple[object, StatusValues] | None = None
    _status_column: tuple[str, str] = ("", "")  # dataset and column

    @property
    def folder(self) -> Path:
        return self.home.project_folder(self.project_id) / "sources"

    def _sources(self) -> SourceFolder:
        return SourceFolder(self.folder, self.dataset, self.generation, self._needed())

    def _needed(self) -> frozenset[Path]:
        """Sources and mappings of all prepared rows of this dataset."""
        if self.me is None or not self.project_id:
            return frozenset()
        folder = self.home.project_folder(self.project_id) / "prepared"
        made_from = (made_of(path) for path in folder.glob(f"{self.dataset}.*sqlite"))
        return frozenset(Path(each).resolve() for both in made_from for each in both if each)

    @property
    def chosen(self) -> Chosen | None:
        """The file of this dataset, if one was chosen."""
        return self._sources().chosen() if self.project_id else None

    def keep_file(self, name: str, content: BinaryIO) -> None:
        """A dropped file, copied once into the home folder, for this account alone.

        A file that cannot be used is not kept, and the one before stays chosen.
        """
        sources, shown = self._sources(), Path(name).name
        dropped = sources.copy(name, content)
        try:
            with called(dropped, shown):
                found = self._first_look(dropped)
                self._use(sources.take(dropped), shown, found)
        finally:
            shred_file(dropped)

    @contextmanager
    def lent(self, dropped: DroppedIds | None) -> Iterator[Path | None]:
        """A dropped list of ids as a file, while it is read."""
        if dropped is None:
            yield None
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        lent = self.folder / f"{self.dataset}.left-out"
        try:
            copy_privately(BytesIO(dropped.ids), lent)
            with called(lent, dropped.name):
                yield lent
        finally:
            shred_file(lent)

    def use_path(self, path: Path) -> None:
        """A file that stays where it is, if it can be used."""
        if not path.is_file():
            raise _gone(path)
        self._use(path.resolve(), str(path), self._first_look(path))

    def use_as_it_is(self) -> None:
        """Continue with a file that changed since it was chosen."""
        source, chosen = self.require_source(), self.chosen
        self._use(source, chosen.name if chosen else "", self._first_look(source))

    def _first_look(self, path: Path) -> tuple[SheetSummary, ...]:
        """The sheets of a usable file; raises for an unusable one."""
        sheets = sheets_of(path, self._dataset())
        if not sheets or only_sheet(sheets) is not None:
            inspect_source(path, self._fields(), _first(_only(sheets)))
        return sheets

    def _use(self, path: Path, name: str, sheets: tuple[SheetSummary, ...]) -> None:
        before = self.chosen
        chosen = Chosen(
            path=str(path),
            name=name,
            mapping=before.mapping if before else "",
            sheets=_only(sheets),
            asks_sheet=bool(sheets) and only_sheet(sheets) is None,
        )
        self._settle(chosen.seen_now())

    def choose_sheets(self, names: tuple[str, ...]) -> None:
        """Which sheets of the workbook are the dataset."""
        chosen, there = self.chosen, {each.name for each in self.sheets()}
        if chosen is None or not names or not there.issuperset(names):
            raise _no_sheet()
        found = inspect_source(chosen.file, self._fields(), names[0])
        require_alike(chosen.file, names, found.mapping)
        self._settle(chosen.model_copy(update={"sheets": names, "asks_sheet": False}))

    def sheets(self) -> tuple[SheetSummary, ...]:
        """The sheets of the chosen file; empty unless it is a workbook."""
        return sheets_of(self.require_source(), self._dataset())

    def _settle(self, chosen: Chosen) -> None:
        """Note the choice. An earlier mapping stays if the columns are the same."""
        self._status_column = ("", "")
        sources = self._sources()
        before = self._saved_mapping()
        sources.choose(chosen)
        if chosen.asks_sheet:
            return
        found = self.inspection()
        mapping = carried_over(before, found.mapping, found.columns)
        name = "" if mapping is found.mapping else sources.save_mapping(mapping)
        sources.choose(chosen.model_copy(update={"mapping": name}))

    def _fields(self) -> tuple[LinkageField, ...]:
        return self.session(network=False).charter.fields

    def _dataset(self) -> Dataset:
        return self.session(network=False).charter.dataset(self.dataset)

    def require_source(self) -> Path:
        chosen = self.chosen
        if chosen is None:
            raise NotYet(
                EncoderCode.UI_FILE,
                Words("Pilih berkas dahulu.", "Choose a file first."),
                Words("Buka langkah 2.", "Open step 2."),
            )
        if not chosen.file.is_file():
            raise _gone(chosen.file)
        return chosen.file

    def require_sheet(self) -> Chosen:
        """The chosen file, once it is clear which of its sheets is meant."""
        self.require_source()
        chosen = self.chosen
        if chosen is None or chosen.asks_sheet:
            raise _no_sheet()
        return chosen

    def inspection(self) -> Inspection:
        """The file's inspection; cached until the file changes."""
        chosen = self.require_sheet()
        state = (self.project_id, chosen.file, state_of(chosen.file), chosen.sheets)
        if self._inspected is None or self._inspected[0] != state:
            found = inspect_source(chosen.file, self._fields(), _first(chosen.sheets))
            mapping = on_sheets(found.mapping, chosen.sheets)
            if mapping is not found.mapping:
                warnings = (*found.warnings, *told(chosen.file, mapping))
                found = replace(found, mapping=mapping, warnings=warnings)
            self._inspected = state, found
        return self._inspected[1]

    def mapping(self) -> Mapping:
        """The officer's mapping, else that of the rows that were sent, else the one proposed."""
        saved = self._sources().mapping_of(self.require_sheet())
        if saved is not None:
            return self._in_order(saved)
        found = self.inspection()
        return carried_over(self._mapping_before(), found.mapping, found.columns)

    def _in_order(self, mapping: Mapping) -> Mapping:
        """Fields in the charter's order. Earlier versions of this page saved them by alphabet."""
        order = [each.name for each in self.session(network=False).charter.fields]
        names = sorted(
            mapping.fields,
            key=lambda name: (name not in order, name in order and order.index(name)),
        )
        return mapping.model_copy(update={"fields": {n: mapping.fields[n] for n in names}})

    def _saved_mapping(self) -> Mapping | None:
        """The officer's earlier choices, for another file or for this one."""
        try:
            return self._sources().mapping_of(self.chosen) or self._mapping_before()
        except PadanError:
            return None  # an older mapping that can no longer be used

    def _mapping_before(self) -> Mapping | None:
        """The mapping of the rows at the service, prepared here or by command."""
        if not self.generation:
            return None
        sent = Workspace(self.session(network=False)).prepared(self.dataset)
        path = Path(sent.meta("mapping"))
        return self._in_order(load_mapping(path)) if path.exists() else None

    def save_mapping(self, mapping: Mapping) -> None:
        sources, chosen = self._sources(), self.require_sheet()
        if sources.mapping_of(chosen) != mapping:
            name = sources.save_mapping(mapping)
            sources.choose(chosen.model_copy(update={"mapping": name, "checked": 0}))

    def mapping_file(self) -> Path:
        """The mapping that rows are prepared by; saved now, if it was only proposed."""
        if not self.require_sheet().mapping:
            self.save_mapping(self.mapping())
        return self.folder / self.require_sheet().mapping

    def show_status(self, column: str) -> None:
        """Show this column's values, so that the officer can mark those of people left out."""
        self._status_column = (self.dataset, column)

    def status_values(self) -> StatusValues | None:
        """The values of the column that is shown, or that the mapping names."""
        chosen, mapping = self.require_sheet(), self.mapping()
        dataset, column = self._status_column
        if dataset != self.dataset:
            column = mapping.status.column if mapping.status else ""
        if not column:
            return None
        state = (self.project_id, chosen.file, state_of(chosen.file), chosen.sheets, column)
        if self._valued is None or self._valued[0] != state:
            self._valued = state, status_values(chosen.file, mapping, column)
        return self._valued[1].marked(mapping.status)

    def changed(self) -> bool:
        """Whether the chosen file was changed or deleted since it was chosen."""
        return self.chosen is not None and self.chosen.changed()

    def require_unchanged(self) -> None:
        if self.changed():
            raise NotYet(
                EncoderCode.UI_CHANGED,
                Words("Berkas ini berubah sejak dipilih.", "The file changed since it was chosen."),
                Words(
                    "Tekan 'Pakai seperti sekarang', lalu periksa kolom dan mutunya lagi.",
                    "Press 'Use it as it is now', then check its columns and quality again.",
                ),
            )

    def chosen_after(self, store: Path) -> bool:
        """Whether file, sheet or columns were chosen after these rows were prepared."""
        return self._sources().chosen_after(store)

    def preparing(self, workspace: Workspace) -> int:
        """The generation that was prepared last, or is to be the first."""
        waits = workspace.prepared_path(self.dataset, self.generation).exists()
        return self.generation if waits or not self.generation else self.generation - 1

    def check_quality(self) -> None:
        """Begin to count the file under its mapping, unless that is done or under way."""
        if self.profile() is not None:
            return
        kinds = {f.name: f.kind for f in self.session(network=False).charter.fields}
        source, mapping, state = self.require_source(), self.mapping(), self._state()

        def work(advance: Advance) -> Words:
            today = datetime.now(UTC).date()
            profile = profile_file(source, mapping, kinds, today=today, advance=advance)
            self._profiled = state, profile
            self._note_checked(state)
            rows = number(profile.rows)
            return Words(f"{rows.id} baris diperiksa.", f"{rows.en} rows checked.")

        self.work("quality", Words("Memeriksa mutu", "Checking quality"), None, work)

    def _note_checked(self, state: object) -> None:
        """Remember when this file was checked, unless another one was chosen meanwhile."""
        chosen = self.chosen
        if chosen is not None and state == self._state():
            now = int(datetime.now(UTC).timestamp())
            self._sources().note(chosen.model_copy(update={"checked": now}))

    def profile(self) -> FileProfile | None:
        """The result of `check_quality` for this file and mapping; None if not yet there."""
        if self._profiled is None or self._profiled[0] != self._state():
            return None
        return self._profiled[1]

    def _state(self) -> object:
        source = self.require_source()
        return self.project_id, source, state_of(source), self.mapping()


def _gone(path: Path) -> BadInput:
    return BadInput(
        EncoderCode.FILE_MISSING,
        Words(f"{path} tidak ada.", f"{path} does not exist."),
        Words(
            "Periksa alamat berkasnya, atau pilih berkas lain.",
            "Check the path, or choose another file.",
        ),
    )


def made_of(store: Path) -> tuple[str, ...]:
    """Source and mapping of prepared rows; empty if another version prepared them."""
    try:
        prepared = PreparedDataset(store)
    except PadanError:
        return ()
    return prepared.meta("source"), prepared.meta("mapping")


def _only(sheets: tuple[SheetSummary, ...]) -> tuple[str, ...]:
    one = only_sheet(sheets)
    return () if one is None else (one.name,)


def _first(names: tuple[str, ...]) -> str | None:
    return names[0] if names else None


def _no_sheet() -> NotYet:
    return NotYet(
        EncoderCode.UI_SHEET,
        Words("Pilih lembar dahulu.", "Choose a sheet first."),
        Words("Buka langkah 2 dan tandai lembarnya.", "Open step 2 and mark the sheet."),
    )
