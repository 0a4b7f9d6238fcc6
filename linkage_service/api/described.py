"""What OpenAPI cannot read from the routes: who may call, which body is signed, an example.

One table by the name of a route's function. Tests hold it against the routes: each is in it, each
example fits the answer's model, each caller is the one that the function asks for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from policy.base.canonical import b64, canonical_json
from policy.base.words import Words
from policy.crypto.envelope import Binding

JSON, BYTES, TEXT = "application/json", "application/octet-stream", "text/plain"

ANYONE = Words("siapa pun, tanpa tanda tangan", "anyone, without a signature")
INVITED = Words(
    "yang diundang koordinator layanan ini, tanpa tanda tangan permintaan",
    "people invited by this service's coordinator; the request is not signed",
)
CODED = Words(
    "yang memegang kode singkat undangan itu, tanpa tanda tangan",
    "people who have the short code of that invite; the request is not signed",
)
MEMBER = Words("setiap anggota roster", "every member of the roster")
READER = Words("anggota yang boleh membaca log proyek", "members who may read the project's log")
KEEPER = Words("anggota yang menyimpan salinan log", "members who keep a copy of the log")
PARTY = Words("pihak piagam", "parties of the charter")
OWNER = Words("pemilik sumber data", "the owner of the dataset")
COORDINATOR = Words("koordinator atau layanan", "a coordinator or the service")
AUTHORITY = Words(
    "otoritas roster, koordinator, atau layanan", "roster authorities, a coordinator or the service"
)
AUDITOR = Words("auditor piagam, atau layanan", "auditors of the charter, or the service")
AUDITOR_OR_READER = Words(
    "auditor (audience=auditor); pembaca log (audience=party)",
    "auditors (audience=auditor); readers of the log (audience=party)",
)
ENTITLED = Words(
    "auditor, dan anggota yang dimintai keputusan atas tahapan itu",
    "auditors, and the members who are asked about that stage",
)
SIGNER = Words(
    "penanda tangan pernyataan, bila hukum piagam mengizinkan langkah itu",
    "the signer of the statement, if the charter's law allows the step",
)
WITNESS = Words("saksi piagam", "witnesses of the charter")
RECIPIENT = Words("penerima berkas itu", "the recipient of that file")

SENDER = Words("pengirim atribut itu", "the sender of those attributes")
SHARING = Words("pengirim dan penerima", "the sender and the recipient")

_DIGEST: Final = "ab" * 32


@dataclass(frozen=True)
class RequestBody:
    """The signed body of a request; read as bytes, so that the signature covers them."""

    media_type: str
    meaning: Words
    example: Any = None


@dataclass(frozen=True)
class Described:
    """Who may call a route, an example of its answer (None: bytes), and the body it takes."""

    callers: Words
    answer: Any = None
    body: RequestBody | None = None
    media_type: str = JSON
    not_ready: Any = None  # the answer of the same form with status 503


_KEPT = {"status": "kept"}
_BINDING = Binding.model_validate(
    {
        "type": "padan/confirm",
        "project": "bansos-2026",
        "epoch": 1,
        "roster": _DIGEST,
        "from": "bps",
    }
)
_ENVELOPE = {
    "payloadType": _BINDING.canonical().decode(),
    "payload": b64(canonical_json({"at": 1798761600})),
    "signatures": [{"keyid": "bps", "sig": b64(bytes(64))}],
}
_READY = {
    "status": "ready",
    "checks": [
        {
            "name": "roster",
            "ok": True,
            "words": {
                "id": "Roster memuat kunci layanan ini.",
                "en": "The roster lists this service's keys.",
            },
            "remedy": {"id": "", "en": ""},
        }
    ],
}
_NOT_READY = {
    "status": "not-ready",
    "checks": [
        {
            "name": "database",
            "ok": False,
            "words": {
                "id": "Basis data tidak menjawab.",
                "en": "The database does not answer.",
            },
            "remedy": {
                "id": "Periksa apakah basis data berjalan.",
                "en": "Check that the database runs.",
            },
        }
    ],
}
_RUN = {"run": "satu", "state": "running", "tiles_done": 3, "tiles_total": 8}
_FACTS = {
    "salt": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "facts": {
        "type": "padan/run-facts",
        "run": "satu",
        "candidates": 41200,
        "uncertain": 310,
        "domains": {
            "penerima": {
                "groups": 40100,
                "datasets": {"dtks": {"matched": 40100, "unmatched": 9900, "verify": 310}},
            }
        },
    },
}
_PERSON = {"agency": "bps", "name": "Pengolah data BPS"}
_RECORD = {
    "plan": {
        "project": "bansos-2026",
        "url": "https://padan.contoh.go.id",
        "issued": "2026-12-01",
        "people": [
            {**_PERSON, "id": "bps", "roles": ["party", "authority"]},
            {**_PERSON, "id": "diskominfo", "agency": "diskominfo", "roles": ["authority"]},
            {**_PERSON, "id": "service", "agency": "layanan", "roles": ["service"]},
        ],
    },
    "answers": [b64(canonical_json(_ENVELOPE))],
}
_STATEMENT = RequestBody(JSON, Words("amplop pernyataan", "the envelope of a statement"), _ENVELOPE)

_NOTE = "padan/bansos-2026\n45\nq83v...=\n\n— padan/bansos-2026 q83v...=\n"

ROUTES: Mapping[str, Described] = {
    "health": Described(ANYONE, {"status": "ok"}),
    "ready": Described(ANYONE, _READY, not_ready=_NOT_READY),
    "roster": Described(ANYONE, _ENVELOPE),
    "rosters": Described(ANYONE, [b64(canonical_json(_ENVELOPE))]),
    "succeed": Described(
        AUTHORITY,
        {"version": 2, "projects": ["bansos-2026"], "left": []},
        RequestBody(
            JSON, Words("amplop roster berikutnya", "the envelope of the next roster"), _ENVELOPE
        ),
    ),
    "show_invite": Described(CODED),
    "join": Described(
        INVITED,
        _RECORD,
        RequestBody(JSON, Words("jawaban atas undangan", "the answer to an invite"), _ENVELOPE),
    ),
    "newcomers": Described(AUTHORITY, _RECORD),
    "sign_roster": Described(
        INVITED,
        _RECORD,
        RequestBody(JSON, Words("roster yang ditandatangani", "the signed roster"), _ENVELOPE),
    ),
    "readable": Described(MEMBER, ["bansos-2026"]),
    "read": Described(
        READER,
        {
            "entries": [b64(canonical_json(_ENVELOPE))],
            "checkpoint": "padan/bansos-2026\n1\nq83v...=\n\n— layanan q83v...=\n",
            "cosigned": [],
            "seen": 0,
        },
    ),
    "append": Described(SIGNER, {"index": 4, "digest": _DIGEST}, _STATEMENT),
    "give": Described(
        KEEPER,
        {"size": 45},
        RequestBody(
            JSON,
            Words("bagian salinan log", "a part of a copy of the log"),
            {"entries": [], "checkpoint": _NOTE, "cosigned": []},
        ),
    ),
    "show": Described(
        KEEPER,
        {"size": 40},
        RequestBody(TEXT, Words("kepala log terbaru", "the newest head of the log"), _NOTE),
    ),
    "cosign": Described(
        WITNESS,
        _KEPT,
        RequestBody(
            TEXT,
            Words("baris tanda tangan saksi", "the line of a witness's cosignature"),
            "— saksi q83v...=\n",
        ),
    ),
    "evidence": Described(AUDITOR_OR_READER, media_type="application/zip"),
    "post_seal": Described(
        PARTY,
        _KEPT,
        RequestBody(JSON, Words("amplop dengan segel", "an envelope with a seal"), _ENVELOPE),
    ),
    "read_seals": Described(PARTY, {"bps": b64(canonical_json(_ENVELOPE))}),
    "read_lacking": Described(PARTY, {"seals": ["dinsos"], "documents": [_DIGEST]}),
    "missing": Described(
        PARTY,
        [_DIGEST],
        RequestBody(
            JSON, Words("SHA-256 setiap potongan", "the SHA-256 of every chunk"), [_DIGEST]
        ),
    ),
    "put_chunks": Described(
        PARTY,
        _KEPT,
        RequestBody(
            BYTES,
            Words(
                "paling banyak 7 potongan tersegel berurutan; hanya yang terakhir tidak penuh",
                "sealed chunks one after another, 7 at most; all full but the last",
            ),
        ),
    ),
    "put_chunk": Described(
        PARTY,
        _KEPT,
        RequestBody(
            BYTES, Words("potongan tersegel, paling banyak 1 MiB", "a sealed chunk, at most 1 MiB")
        ),
    ),
    "put_document": Described(
        PARTY,
        _KEPT,
        RequestBody(BYTES, Words("daftar potongan atau segel", "a chunk list or a seal")),
    ),
    "start": Described(COORDINATOR, _RUN),
    "cancel": Described(COORDINATOR, {**_RUN, "state": "cancelled"}),
    "state": Described(READER, {"run": "satu", "state": "running"}),
    "duplicates": Described(OWNER, [["0" * 31 + "1", "0" * 31 + "2"]]),
    "counts": Described(
        PARTY,
        [
            {
                "domain": "penerima",
                "dataset": "dtks",
                "matched": {"low": 40000, "high": 50000},
                "unmatched": {"low": 5000, "high": 10000},
            }
        ],
    ),
    "calibration": Described(
        COORDINATOR,
        {
            "run": "satu",
            "pairs": [{"domain": "penerima", "left": "dtks", "right": "regsosek", "facts": None}],
            "search": [],
        },
    ),
    "stage": Described(COORDINATOR, {"stage": _DIGEST, "unmendable": []}),
    "decide": Described(
        COORDINATOR,
        {
            "verdict": "released",
            "rules": [
                {
                    "rule": "release.executed",
                    "title": {"id": "Dijalankan sesuai perintah", "en": "Executed as ordered"},
                    "passed": True,
                    "reason": {"id": "Sesuai.", "en": "It is."},
                    "citation": "UU PDP 16",
                }
            ],
        },
    ),
    "download": Described(RECIPIENT, media_type=BYTES),
    "missing_parts": Described(SHARING, [0, 1]),
    "put_part": Described(
        SENDER,
        _KEPT,
        RequestBody(
            BYTES,
            Words("segel, lalu potongan tersegel", "the seal, then sealed chunks, 1 MiB at most"),
        ),
    ),
    "get_part": Described(RECIPIENT, media_type=BYTES),
    "facts": Described(ENTITLED, _FACTS),
    "sealed_facts": Described(READER, _ENVELOPE),
}
