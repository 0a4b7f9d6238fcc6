"""The gate for every file that a person names and a command writes.

    1. Only a plain file is ever replaced: no folder, link, pipe, socket or device.
    2. A file that the command reads is never written. It is recognised by device and inode,
       whatever spelling, link or letter case names it.
    3. A file that a project of this home was prepared from is never written.
    4. Nothing is written into a home folder, this one or another.
    5. Another existing file is replaced after a question, or with `--force`.

`policy.terminal.commands` passes every output of every command through this gate before the command
starts.
"""

from __future__ import annotations

import filecmp
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.files import fill, replacing
from policy.base.words import Words

# What a reader expects of a file, by the ending of its name.
KNOWN_ENDINGS = frozenset(
    ".csv .tsv .xlsx .xls .xlsm .xlsb .ods .parquet .html .htm .md .json .jsonld .yaml .yml .zip"
    " .pdf .doc .docx .odt .rtf .sqlite .db .dbf .sav .dta .mdb .accdb .xml .png .jpg".split()
)
_WINDOWS_DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
    + [f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10)]
)
Ask = Callable[[Words], bool]


@dataclass(frozen=True)
class Form:
    """What a command writes into a file that a person names.

    `endings` of names fit the content. Other known endings promise different content and are
    refused; if `only` is true, so is every other ending. A `repeatable` command writes the same
    content again: it may compare, and a file with the same content stays unchanged.
    """

    endings: tuple[str, ...] = ()
    only: bool = False
    repeatable: bool = False


JSON = Form((".json",))
HTML = Form((".html", ".htm"))
ZIP = Form((".zip",))
PAPER = Form((".html", ".md", ".json"))
# A carried request or answer, which only Padan reads.
CARRIED = Form((".padan", ".json"))


class _SameContentError(Exception):
    """The file already has this content and stays unchanged."""


class Register(Protocol):
    """A register of written files; it is told of each one before anything is in it."""

    def begins(self, path: Path, temporary: Path) -> None:
        """The file `path` is about to be written, as `temporary` and files named after that."""

    def ends(self, path: Path, temporary: Path) -> None:
        """`temporary` is complete, and about to become `path`."""


@dataclass(frozen=True)
class Output:
    """A file to write. Only the gate makes one that may replace an existing file."""

    path: Path
    form: Form = Form()
    may_replace: bool = False
    gate: Gate | None = field(default=None, repr=False, compare=False)
    register: Register | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        return str(self.path)

    def entered_in(self, register: Register) -> Output:
        """The same file, entered in a register when it is written; and so are files next to it."""
        return replace(self, register=register)

    @property
    def suffix(self) -> str:
        return self.path.suffix.lower()

    def beside(self, path: Path) -> Output:
        """Another file of the same command, after the same gate."""
        other = replace(self, path=path)
        return other if self.gate is None else self.gate.admit(replace(other, may_replace=False))

    def write(self, data: bytes, *, private: bool = False) -> Words:
        """Write the file and return what was done; equal content is not written again."""
        if not self.may_replace and _has_content(self.path, data):
            return Words(
                f"{self} sudah berisi hal yang sama; tidak diubah.",
                f"{self} has this content already; it is unchanged.",
            )
        self.write_stream((data,), private=private)
        return Words(f"{self} ditulis.", f"{self} written.")

    def write_stream(self, blocks: Iterable[bytes], *, private: bool = False) -> None:
        with self.replacing(private=private) as temporary:
            fill(temporary, self.path, blocks)

    @contextmanager
    def replacing(self, *, private: bool = False) -> Iterator[Path]:
        """Yields an empty file to fill; at the end it replaces this one."""
        if not self.form.repeatable:
            self._require_free()
        with suppress(_SameContentError), replacing(self.path, private=private) as temporary:
            if self.register is not None:
                self.register.begins(self.path, temporary)
            yield temporary
            same = not self.may_replace and _are_equal(temporary, self.path)
            if not same:
                self._require_free()
            if self.register is not None:
                self.register.ends(self.path, temporary)
            if same:
                raise _SameContentError

    def _require_free(self) -> None:
        if not self.may_replace and os.path.lexists(self.path):
            raise exists(self.path)
        require_plain(self.path)


@dataclass(frozen=True)
class Folder:
    """A folder in which a command writes files and chooses their names."""

    path: Path
    gate: Gate | None = None

    def __str__(self) -> str:
        return str(self.path)

    def file(self, name: str) -> Output:
        output = Output(self.path / name)
        return output if self.gate is None else self.gate.admit(output)


@dataclass(frozen=True)
class Gate:
    """What one run of a command must not write. `ask` is None if nobody can answer."""

    inputs: tuple[Path, ...] = ()
    prepared: tuple[Path, ...] = ()
    homes: tuple[Path, ...] = ()
    force: bool = False
    ask: Ask | None = None

    def admit(self, output: Output) -> Output:
        """The output, if it may be written; asks about an existing file. Raises BadInput."""
        path, output = output.path, replace(output, gate=self)
        require_plain(path)
        self._require_foreign(path)
        _require_ending(path, output.form)
        if not os.path.lexists(path) or (output.form.repeatable and not self.force):
            return self._asked_later(output)
        if not self.force and (self.ask is None or not self.ask(_question(path))):
            raise exists(path)
        return replace(output, may_replace=True)

    def admit_in_place(self, path: Path) -> Output:
        """A file that the command is meant to change, such as a roster to sign."""
        require_plain(path)
        self._require_foreign(path)
        return Output(path, may_replace=True)

    def admit_folder(self, folder: Folder) -> Folder:
        if folder.path.exists() and not folder.path.is_dir():
            raise _not_a_file(folder.path, Words("bukan folder", "not a folder"))
        _require_outside_homes(folder.path, self.homes)
        return Folder(folder.path, self)

    def _asked_later(self, output: Output) -> Output:
        """Asks about a repeatable command on a terminal now, because nobody is asked later."""
        if not os.path.lexists(output.path) or self.ask is None:
            return output
        return replace(output, may_replace=self.ask(_question(output.path)))

    def _require_foreign(self, path: Path) -> None:
        if any(_same(path, each) for each in self.inputs):
            raise BadInput(
                PolicyCode.OUT_INPUT,
                Words(f"{path} dibaca oleh perintah ini.", f"This command reads {path}."),
                Words("Pilih nama lain untuk hasilnya.", "Choose another name for the result."),
            )
        if any(_same(path, each) for each in self.prepared):
            raise BadInput(
                PolicyCode.OUT_PREPARED,
                Words(
                    f"{path} adalah sumber atau pemetaan sebuah proyek di folder rumah ini.",
                    f"{path} is a source or a mapping of a project in this home folder.",
                ),
                Words("Pilih nama lain untuk hasilnya.", "Choose another name for the result."),
            )
        _require_outside_homes(path, self.homes)


def require_plain(path: Path) -> None:
    """Checks that the path is a plain file or does not exist; raises BadInput."""
    if os.name == "nt" and names_a_device(path.name):
        raise _not_a_file(path, Words("nama perangkat", "the name of a device"))
    if str(path) == "-":
        raise _not_a_file(path, Words("keluaran standar", "standard output"))
    try:
        mode = path.lstat().st_mode
    except OSError:
        return  # writing will report the error
    if stat.S_ISLNK(mode):
        raise BadInput(
            PolicyCode.OUT_LINK,
            Words(
                f"{path} adalah tautan; berkas yang ditunjuknya tidak disentuh.",
                f"{path} is a link; the file that it points to is not touched.",
            ),
            Words("Sebut nama berkas itu sendiri.", "Give the name of the file itself."),
        )
    if not stat.S_ISREG(mode):
        raise _not_a_file(path, _KINDS.get(stat.S_IFMT(mode), _OTHER))


def names_a_device(name: str) -> bool:
    """Whether Windows opens a device, or a stream of another file, under this name."""
    return ":" in name or name.split(".")[0].strip().upper() in _WINDOWS_DEVICES


_OTHER = Words("bukan berkas biasa", "no plain file")
_KINDS = {
    stat.S_IFDIR: Words("sebuah folder", "a folder"),
    stat.S_IFIFO: Words("sebuah pipa", "a pipe"),
    stat.S_IFSOCK: Words("sebuah soket", "a socket"),
    stat.S_IFCHR: Words("sebuah perangkat", "a device"),
    stat.S_IFBLK: Words("sebuah perangkat", "a device"),
}


def exists(path: Path) -> BadInput:
    return BadInput(
        PolicyCode.OUT_EXISTS,
        Words(f"{path} sudah ada.", f"{path} exists already."),
        Words(
            "Pilih nama lain, atau tambahkan --force untuk menggantinya.",
            "Choose another name, or add --force to replace it.",
        ),
    )


def _question(path: Path) -> Words:
    return Words(f"{path} sudah ada. Ganti?", f"{path} exists already. Replace it?")


def _not_a_file(path: Path, kind: Words) -> BadInput:
    return BadInput(
        PolicyCode.OUT_NOT_A_FILE,
        Words(
            f"{path}: {kind.id}. Hasil ditulis ke berkas biasa.",
            f"{path}: {kind.en}. A result is written into a plain file.",
        ),
        Words("Sebut nama berkas.", "Give the name of a file."),
    )


def _require_ending(path: Path, form: Form) -> None:
    ending = path.suffix.lower()
    if ending in form.endings or not form.endings:
        return
    if form.only or ending in KNOWN_ENDINGS:
        names = ", ".join(form.endings)
        raise BadInput(
            PolicyCode.OUT_ENDING,
            Words(
                f"{path.name}: perintah ini tidak menulis berkas '{ending}'.",
                f"{path.name}: this command writes no '{ending}' file.",
            ),
            Words(f"Beri nama berakhiran {names}.", f"Give a name that ends in {names}."),
        )


def _require_outside_homes(path: Path, homes: Iterable[Path]) -> None:
    inside = [path.resolve(), *path.resolve().parents]
    if any(_is_home(each) or any(_same(each, home) for home in homes) for each in inside):
        raise BadInput(
            PolicyCode.OUT_HOME,
            Words(
                f"{path} ada di folder rumah, yang hanya diubah Padan sendiri.",
                f"{path} is in a home folder, which Padan alone changes.",
            ),
            Words("Pilih folder lain.", "Choose another folder."),
        )


def _is_home(folder: Path) -> bool:
    return (folder / "keys.json").is_file() and (folder / "identity.json").is_file()


def _same(path: Path, other: Path) -> bool:
    """Whether two paths are one file or folder; by location if it does not exist."""
    try:
        return path.samefile(other)
    except OSError:
        return _folded(path) == _folded(other)


def _folded(path: Path) -> str:
    text = os.path.normcase(path.resolve())
    return text.casefold() if sys.platform == "darwin" else text


def _are_equal(one: Path, other: Path) -> bool:
    try:
        return filecmp.cmp(one, other, shallow=False)
    except OSError:
        return False


def _has_content(path: Path, data: bytes) -> bool:
    try:
        return path.lstat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False
