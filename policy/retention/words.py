"""The names of the things with a destruction date, and of their states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy.base.words import Words
from policy.statements import Thing

if TYPE_CHECKING:
    from policy.retention.schedule import State

THINGS: dict[Thing, Words] = {
    "service-key": Words("kunci zaman layanan", "the service's key of the epoch"),
    "encodings": Words("penyandian", "the encodings"),
    "candidates": Words("calon pasangan dan hasil pemadanan", "candidates and results of runs"),
    "staged-files": Words("berkas rilis", "the release files"),
    "openings": Words("fakta yang dibuka", "the opened facts"),
    "prepared-rows": Words("baris yang disiapkan", "the prepared rows"),
    "keys": Words("kunci proyek", "the project keys"),
    "handle-map": Words("peta pegangan", "the handle map"),
    "opened-releases": Words("rilis yang dibuka", "the opened releases"),
    "lists": Words("daftar yang ditulis", "the lists written"),
    "attributes": Words("atribut yang diterima", "the attributes received"),
}

STATES: dict[State, Words] = {
    "kept": Words("disimpan", "kept"),
    "due": Words("jatuh tempo", "due"),
    "overdue": Words("TERLAMBAT", "OVERDUE"),
    "held": Words("ditangguhkan", "on hold"),
    "destroyed": Words("dimusnahkan", "destroyed"),
}
