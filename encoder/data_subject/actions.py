"""The possible actions on a request now: the exact next command, or whom to inform."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from encoder.data_subject.trace import Trace
from policy.base.words import Words
from policy.charter import Charter
from policy.papers.rights import TELL_IT_IS_DONE, Right, excepting


@dataclass(frozen=True)
class Action:
    """One step. A step without a `command` must be taken by people."""

    dataset: str
    what: Words
    command: str = ""


def actions(
    charter: Charter, right: Right, traces: Iterable[Trace], ids_file: Path
) -> tuple[Action, ...]:
    """The actions in the order in which to take them."""
    return tuple(
        action for found in traces for action in _for_dataset(charter, right, found, ids_file)
    )


def _for_dataset(charter: Charter, right: Right, found: Trace, ids_file: Path) -> Iterator[Action]:
    excepted = "; ".join(each.article for each in excepting(charter, right))
    if excepted:
        yield Action(
            found.dataset,
            Words(
                f"Piagam mengecualikan hak ini ({excepted}). Pastikan dahulu dengan ahli hukum.",
                f"The charter excepts this right ({excepted}). Ask a lawyer first.",
            ),
        )
    yield from _steps(charter, right, found, ids_file)
    if right == "restrict":
        yield Action(found.dataset, TELL_IT_IS_DONE)


def _steps(charter: Charter, right: Right, found: Trace, ids_file: Path) -> Iterator[Action]:
    if right == "access":
        yield Action(
            found.dataset,
            Words("Serahkan jejaknya kepada pemohon.", "Hand the trace to the person."),
        )
        return
    project, dataset = charter.project, found.dataset
    if right == "correct":
        yield Action(
            dataset,
            Words("Perbaiki catatan itu di sumbernya.", "Correct the record in its source."),
        )
    if not found.committed:
        if right != "correct":
            yield from _which_rows(found, ids_file)
        yield _prepare_again(project, right, found, ids_file)
        return
    if not found.accepted:
        yield Action(
            dataset,
            Words(
                "Baris sudah dikomitmenkan; kirim dahulu, lalu ubah atau tarik.",
                "The rows are committed; send them first, then change or withdraw.",
            ),
            _line("padan-encoder", "upload", project, dataset),
        )
    if right == "correct":
        yield from _send_changes(project, found)
    elif found.stands or not found.accepted:
        yield from _which_rows(found, ids_file)
        named = ("--ids", str(ids_file), *_row_numbers(found))
        yield Action(
            dataset,
            Words("Tarik barisnya dari layanan.", "Withdraw the row from the service."),
            _line("padan-encoder", "withdraw", project, dataset, *named),
        )
        again = _line("prepare", "--suppress", str(ids_file))
        yield Action(
            dataset,
            Words(
                f"Tahan juga pada zaman kunci berikutnya: {again}",
                f"Keep it back in the next key epoch as well: {again}",
            ),
        )
    if found.batch.runs and found.batch.runs[-1].statement.binding.run in found.runs:
        yield Action(
            dataset,
            Words(
                "Perintahkan pemadanan baru; hasil terakhir masih memuat barisnya.",
                "Order a new run; the last result still holds the row.",
            ),
            _line("padan-policy", "order", project, "--run", "RUN"),
        )
    yield from _after_release(charter, found)


def _which_rows(found: Trace, ids_file: Path) -> Iterator[Action]:
    """An action for people: decide which rows are meant if an id is not one person's."""
    if found.people > 1:
        rows = ", ".join(map(str, found.rows))
        yield Action(
            found.dataset,
            Words(
                f"Id ini dipakai {found.people} orang, di baris {rows}. Cari baris pemohon, dan"
                f" tulis nomornya ke {ids_file} sebagai ganti id.",
                f"{found.people} people have this id, on rows {rows}. Find out which row is the"
                f" person's, and write its number into {ids_file} instead of the id.",
            ),
        )
    if found.same_person:
        rows = ", ".join(map(str, found.same_person))
        yield Action(
            found.dataset,
            Words(
                f"Baris {rows} memuat orang yang sama dan tetap. Tanyakan apakah keberatan ini"
                " juga untuk baris itu; bila ya, tambahkan id-nya.",
                f"Row {rows} is the same person's and stays. Ask whether the objection is about it"
                " too; if it is, add its id.",
            ),
        )


def _row_numbers(found: Trace) -> tuple[str, ...]:
    """The option that lets commands take row numbers."""
    return ("--row-numbers",) if found.people > 1 or not found.own_ids else ()


def _send_changes(project: str, found: Trace) -> Iterator[Action]:
    """The steps of a delta: compare the source again, encode the differences, send them."""
    dataset = found.dataset
    steps = (
        (Words("Siapkan perubahannya.", "Prepare what changed."), ("delta", found.source)),
        (Words("Sandikan perubahannya.", "Encode what changed."), ("encode",)),
        (Words("Kirim perubahannya.", "Send what changed."), ("upload",)),
    )
    for words, (command, *rest) in steps:
        yield Action(dataset, words, _line("padan-encoder", command, project, dataset, *rest))


def _after_release(charter: Charter, found: Trace) -> Iterator[Action]:
    """Actions after a release: software cannot take back delivered files."""
    if any(each.tells_match for each in found.own):
        yield Action(
            found.dataset,
            Words(
                "Keluarkan orang itu dari daftar yang sudah ditulis dari rilis ini.",
                "Take the person out of lists that were written from these releases.",
            ),
        )
    recipients = sorted({each.file.recipient for each in found.others})
    if recipients:
        contacts = "; ".join(f"{r} ({charter.party(r).contact})" for r in recipients)
        yield Action(
            found.dataset,
            Words(f"Beri tahu penerima: {contacts}.", f"Tell the recipients: {contacts}."),
        )


def _prepare_again(project: str, right: Right, found: Trace, ids_file: Path) -> Action:
    arguments: Sequence[str] = (project, found.dataset, found.source, "--mapping", found.mapping)
    if right == "correct":
        return Action(
            found.dataset,
            Words("Siapkan ulang; belum ada yang dikirim.", "Prepare again; nothing was sent yet."),
            _line("padan-encoder", "prepare", *arguments),
        )
    return Action(
        found.dataset,
        Words(
            "Siapkan ulang tanpa baris itu; belum ada yang dikirim.",
            "Prepare again without the row; nothing was sent yet.",
        ),
        _line(
            "padan-encoder",
            "prepare",
            *arguments,
            "--suppress",
            str(ids_file),
            *_row_numbers(found),
        ),
    )


def _line(*words: str) -> str:
    return shlex.join(words)
