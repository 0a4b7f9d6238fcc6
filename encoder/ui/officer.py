"""What the officer has chosen so far, and what of it lies in the home folder.

HOME/projects/PROJECT/sources/DATASET*          a file that was dropped on the page
HOME/projects/PROJECT/sources/DATASET.yaml      its mapping

Once the dataset was sent, DATASET.1 and so on: lists of earlier releases are made from the
files of their time, which therefore stay.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import yaml

from encoder.inspect import Inspection, inspect_source
from encoder.mapping import Mapping, load_mapping
from encoder.quality import FileProfile, profile_file
from encoder.workspace import Workspace, standing
from policy.client import Session
from policy.errors import BadInput, NotYet
from policy.files import replacing, shred_file, write_file
from policy.home import Home, Unlocked
from policy.local_page.jobs import Advance, Job
from policy.words import Words, number


@dataclass
class Officer:
    """One person at this machine. Nothing here outlives the process but the files."""

    home: Home
    me: Unlocked | None = None
    project_id: str = ""
    dataset: str = ""
    generation: int = 0
    source: Path | None = None
    job: Job | None = None
    _inspected: tuple[object, Inspection] | None = None
    _profiled: tuple[object, FileProfile] | None = None

    def unlock(self, passphrase: bytes) -> None:
        self.me = self.home.unlock(passphrase)

    def projects(self) -> list[str]:
        folder = self.home.path / "projects"
        return sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []

    def session(self, *, network: bool = True) -> Session:
        """The chosen project, brought up to date, or as this machine remembers it."""
        if self.me is None or not self.project_id:
            raise NotYet(
                "ui.project",
                Words("Pilih proyek dahulu.", "Choose a project first."),
                Words("Buka langkah 1.", "Open step 1."),
            )
        session = Session(self.me, self.project_id)
        if network:
            session.sync()
        else:
            session.recall()
        self.generation = _next_generation(session, self.dataset)
        return session

    def choose(self, project_id: str, dataset: str) -> None:
        """Raises if the service does not know the project, or the dataset is another's."""
        if self.me is None:
            return
        session = Session(self.me, project_id)
        session.sync()
        own = Workspace(session).own_datasets()
        chosen = dataset or (own[0] if own else "")
        Workspace(session).require_own(chosen)
        self.project_id, self.dataset = project_id, chosen
        self.generation = _next_generation(session, chosen)
        self.source = self._kept_source()

    # -- the source file ----------------------------------------------------------------

    @property
    def folder(self) -> Path:
        return self.home.project_folder(self.project_id) / "sources"

    @property
    def mapping_path(self) -> Path:
        return self.folder / f"{self._stem}.yaml"

    @property
    def _stem(self) -> str:
        return f"{self.dataset}.{self.generation}" if self.generation else self.dataset

    def keep_file(self, name: str, content: BinaryIO) -> None:
        """A dropped file, copied once into the home folder, for this account alone."""
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = self.folder / f"{self._stem}{Path(name).suffix.lower()[:8]}"
        _copy(content, kept)
        self._use(kept)

    @contextmanager
    def lent(self, content: BinaryIO | None) -> Iterator[Path | None]:
        """A dropped list of ids as a file, for as long as it is read."""
        if content is None:
            yield None
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        lent = self.folder / f"{self.dataset}.left-out"
        try:
            _copy(content, lent)
            yield lent
        finally:
            shred_file(lent)

    def use_path(self, path: Path) -> None:
        """A file that stays where it is."""
        if not path.is_file():
            raise BadInput(
                "file.missing",
                Words(f"{path} tidak ada.", f"{path} does not exist."),
                Words("Periksa alamat berkasnya.", "Check the path."),
            )
        self._use(path)

    def _use(self, path: Path) -> None:
        self.source = path
        write_file(self.folder / f"{self.dataset}.source", str(path.resolve()).encode())
        self.mapping_path.unlink(missing_ok=True)

    def _kept_source(self) -> Path | None:
        note = self.folder / f"{self.dataset}.source"
        return Path(note.read_text(encoding="utf-8")) if note.exists() else None

    def require_source(self) -> Path:
        if self.source is None:
            raise NotYet(
                "ui.file",
                Words("Pilih berkas dahulu.", "Choose a file first."),
                Words("Buka langkah 2.", "Open step 2."),
            )
        return self.source

    def inspection(self) -> Inspection:
        """What the file is; looked at once, as long as nobody changes it."""
        source = self.require_source()
        state = (self.project_id, source, source.stat().st_mtime_ns)
        if self._inspected is None or self._inspected[0] != state:
            fields = self.session(network=False).charter.fields
            self._inspected = state, inspect_source(source, fields)
        return self._inspected[1]

    def mapping(self) -> Mapping:
        """The officer's mapping, else that of the rows that stand, else the one proposed."""
        if self.mapping_path.exists():
            return load_mapping(self.mapping_path)
        found, before = self.inspection(), self._mapping_before()
        if before is not None and set(before.source_columns()) <= set(found.columns):
            return before
        return found.mapping

    def _mapping_before(self) -> Mapping | None:
        """By which the rows were prepared that stand at the service, here or by command."""
        if not self.generation:
            return None
        standing_rows = Workspace(self.session(network=False)).prepared(self.dataset)
        path = Path(standing_rows.meta("mapping"))
        return load_mapping(path) if path.exists() else None

    def save_mapping(self, mapping: Mapping) -> None:
        """Written as the YAML that the commands read; refused like one they would refuse."""
        text = yaml.safe_dump(mapping.model_dump(exclude_defaults=True), allow_unicode=True)
        trial = self.mapping_path.with_suffix(".trial")
        write_file(trial, text.encode())
        try:
            load_mapping(trial)
            trial.replace(self.mapping_path)
        finally:
            trial.unlink(missing_ok=True)

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
            rows = number(profile.rows)
            return Words(f"{rows.id} baris diperiksa.", f"{rows.en} rows checked.")

        self.work("quality", Words("Memeriksa mutu", "Checking quality"), None, work)

    def profile(self) -> FileProfile | None:
        """What `check_quality` found of this file under this mapping; None if not yet."""
        if self._profiled is None or self._profiled[0] != self._state():
            return None
        return self._profiled[1]

    def _state(self) -> object:
        source = self.require_source()
        return self.project_id, source, source.stat().st_mtime_ns, self.mapping()

    # -- work ---------------------------------------------------------------------------

    def work(
        self, step: str, title: Words, total: int | None, work: Callable[[Advance], Words]
    ) -> None:
        """One piece of work at a time; asking for another while one runs changes nothing."""
        if not self.working():
            self.job = Job(step, title, total).start(work)

    def working(self) -> bool:
        return self.job is not None and self.job.state == "running"

    def job_of(self, step: str) -> Job | None:
        job = self.job
        return job.seen() if job is not None and job.step == step else None


def _next_generation(session: Session, dataset: str) -> int:
    """0 until the dataset was sent; then that of the next delta."""
    sent = dataset in session.project.bundles()
    return standing(session.project, dataset) + 1 if sent else 0


def _copy(content: BinaryIO, path: Path) -> None:
    with replacing(path, private=True) as temporary, temporary.open("wb") as file:
        shutil.copyfileobj(content, file)
