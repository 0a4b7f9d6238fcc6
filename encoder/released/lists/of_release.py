"""The joined table of a release that was opened on this machine, and what a list of it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.released.attributes.received import AttributeColumn, received
from encoder.released.lists.joined import JoinedTable, join_table
from encoder.released.lists.list_files import Guide
from encoder.steps.check_release import OpenedFile
from encoder.steps.open_release import opened_before, prepared_for
from encoder.steps.review_answers import reviewed
from encoder.steps.source_match import Differences, source_now
from encoder.steps.workspace import Workspace
from policy.base.errors import BadInput, Refused
from policy.base.words import Words, number
from policy.charter import Charter
from policy.charter.source_names import source_title
from policy.law.conditions import require_requested

_NAMED = 10


@dataclass(frozen=True)
class AskedTable:
    """Which table is asked for: the dataset, its source now, and further columns."""

    release: str
    dataset: str
    source: Path | None = None
    mapping: Path | None = None
    columns: tuple[str, ...] = ()
    despite_changes: bool = False


def charter_of(workspace: Workspace, release: str) -> Charter:
    """The charter under which the run of a release was ordered."""
    project = workspace.session.project
    require_requested(project, release)
    stage = project.release(release).require_stage()
    return project.run_ended_by(stage.body.run).before_order().charter


def table_of(workspace: Workspace, asked: AskedTable, *, everybody: bool = True) -> JoinedTable:
    """The joined table; needs no network.

    Raises Refused (`list.learns-nothing`) if the charter lets this agency learn nothing about its
    own people, and BadInput (`file.changed`) if rows of the table are missing or changed, unless
    `despite_changes` is asked for.
    """
    session = workspace.session
    charter = charter_of(workspace, asked.release)
    prepared = prepared_for(workspace, asked.release, asked.dataset)
    opened = opened_before(session, asked.release, asked.dataset)
    require_telling(charter, asked.release, asked.dataset, opened)
    now = source_now(prepared, charter, asked.source, asked.mapping, workspace.seal())
    got = received(workspace, asked.release, asked.dataset)
    table = join_table(prepared, charter, now, opened, got, asked.columns, everybody=everybody)
    table = table.with_answers(reviewed(workspace, asked.release, asked.dataset))
    if table.differences and not asked.despite_changes:
        raise changed(now.path, table.differences, table.changed_rows())
    return table


def require_telling(
    charter: Charter, release: str, dataset: str, opened: Sequence[OpenedFile]
) -> None:
    """Raises Refused, with the reason, if no file tells which rows matched."""
    if any(each.file.form == "membership" for each in opened):
        return
    mine = source_title(charter, dataset)
    if not opened:
        raise Refused(
            EncoderCode.LIST_LEARNS_NOTHING,
            Words(
                f"{release} tidak memuat apa pun tentang {mine.id}.",
                f"{release} has nothing about {mine.en}.",
            ),
            Words(
                "Minta rilis untuk domain yang memuat sumber data itu.",
                "Request a release of a domain that has this dataset.",
            ),
        )
    told = [not_told(charter, each.file.domain) for each in opened]
    raise Refused(
        EncoderCode.LIST_LEARNS_NOTHING,
        Words(
            f"Menurut piagam, siapa di {mine.id} yang padan tidak diberitahukan kepada instansi"
            f" Anda. {' '.join(each.id for each in told)}",
            f"By the charter, your agency does not learn who of {mine.en} matched."
            f" {' '.join(each.en for each in told)}",
        ),
        Words(
            "ID padanan semua baris ditulis oleh 'padan-encoder ids'. Bila instansi Anda perlu"
            " daftar by name, usulkan perubahan piagam (bagian domains, learn).",
            "'padan-encoder ids' writes the match IDs of all rows. If your agency needs a list by"
            " name, propose an amendment of the charter (part domains, learn).",
        ),
    )


def not_told(charter: Charter, domain_id: str) -> Words:
    """Who learns about their people in a domain; everybody else has an ID for every row."""
    learn = [source_title(charter, each) for each in charter.domain(domain_id).learn]
    return Words(
        f"Dalam domain {domain_id} hanya pemilik {', '.join(t.id for t in learn)} yang diberi tahu;"
        " yang lain menerima ID untuk setiap baris, padan atau tidak.",
        f"In the domain {domain_id} only the owner of {', '.join(t.en for t in learn)} is told;"
        " others receive an ID for every row, matched or not.",
    )


def guide_of(workspace: Workspace, table: JoinedTable, asked: AskedTable) -> Guide:
    """How to read the list, and when it is to be destroyed."""
    charter = charter_of(workspace, asked.release)
    mine = source_title(charter, asked.dataset)
    until = workspace.session.charter.retention.releases_until
    opened = opened_before(workspace.session, asked.release, asked.dataset)
    silent = [
        not_told(charter, each.file.domain) for each in opened if each.file.form != "membership"
    ]
    lines = [
        Words(
            f"Daftar {mine.id}, rilis {asked.release}, proyek {workspace.session.project_id}.",
            f"List of {mine.en}, release {asked.release}, project {workspace.session.project_id}.",
        ),
        Words(
            "ya: sumber itu juga memuat orang ini.", "ya (yes): that source has this person too."
        ),
        *(
            [
                Words(
                    "perlu dicek: mungkin orang yang sama; pastikan di lapangan sebelum bertindak.",
                    "perlu dicek (to check): perhaps the same person; verify before you act.",
                )
            ]
            if table.graded
            else []
        ),
        Words(
            "(diperiksa lapangan): jawaban petugas di lapangan, bukan hasil pemadanan.",
            "(diperiksa lapangan, checked in the field): what field workers found, not what was"
            " matched.",
        ),
        Words(
            "tidak: orang ini tidak ditemukan di sumber itu. Itu bukan bukti bahwa ia tidak ada di"
            " sana, dan bukan alasan mengeluarkannya tanpa diperiksa.",
            "tidak (no): this person was not found in that source. That does not prove that they"
            " are not in it, and is no reason to remove them without a check.",
        ),
        Words(
            "keadaan: meninggal atau pindah menurut berkas Anda sendiri (kolom keterangan, atau"
            " 'alm' pada nama). Periksa sebelum bertindak.",
            "keadaan (state): dead (meninggal) or moved (pindah), as your own file says (a column"
            " of remarks, or 'alm' next to the name). Check before you act.",
        ),
        *(
            _received(each, workspace.session.project.known(each.sender).name)
            for each in table.attributes
        ),
        *silent,
        Words(
            f"Ini data pribadi. Pakai hanya untuk tujuan di piagam, dan musnahkan selambatnya"
            f" {until} dengan 'padan-encoder destroy'. Salinannya juga.",
            f"These are personal data. Use them only for the charter's purpose, and destroy them"
            f" by {until} with 'padan-encoder destroy'. Copies too.",
        ),
    ]
    return Guide(tuple(lines), f"Data pribadi - {asked.release} - musnahkan sebelum {until}")


def _received(column: AttributeColumn, sender: str) -> Words:
    """What a received column is, and what an empty cell means."""
    return Words(
        f"{column.title.id}: kolom {column.name} dari {sender} ({column.transfer}), ditulis"
        " seperti diterima. Kosong berarti tidak diketahui, bukan nol dan bukan tidak.",
        f"{column.title.en}: column {column.name} of {sender} ({column.transfer}), as it was"
        " received. An empty cell means not known; it means neither zero nor no.",
    )


def changed(source: Path, found: Differences, rows: Sequence[int]) -> BadInput:
    """The error for a source that is no longer as it was when its rows were frozen."""
    named = ", ".join(map(str, rows[:_NAMED])) + (", ..." if len(rows) > _NAMED else "")
    which = Words(f" (baris {named})", f" (rows {named})") if rows else Words("", "")
    counts = [number(n) for n in (found.changed, found.missing, found.unclear, found.new)]
    same, lost, unclear, new = counts
    return BadInput(
        EncoderCode.FILE_CHANGED,
        Words(
            f"{source} tidak lagi seperti saat 'prepare': dari baris orang-orang di daftar ini"
            f" {same.id} berubah isinya{which.id}, {lost.id} berubah atau tidak ada lagi, dan"
            f" {unclear.id} tidak dapat dibedakan dari baris orang lain;"
            f" {new.id} baris di berkas itu baru. Tidak ada yang ditulis.",
            f"{source} is no longer as it was at 'prepare': of the rows of this list's people"
            f" {same.en} have other content{which.en}, {lost.en} have changed or are gone, and"
            f" {unclear.en} cannot be told from another person's row;"
            f" {new.en} rows of the file are new. Nothing was written.",
        ),
        Words(
            "Kembalikan sumbernya, atau sebut tempatnya dengan --source (dan --mapping)."
            " --despite-changes menulis baris yang masih ada dan menandai yang berubah.",
            "Restore the source, or name its place by --source (and --mapping)."
            " --despite-changes writes the rows that are there and marks those that changed.",
        ),
    )
