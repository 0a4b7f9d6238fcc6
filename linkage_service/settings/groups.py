"""Settings that belong together: engine, limits, people, store, token."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from linkage_service.settings.meaning import EngineKind, Meaning
from policy.base.words import Words


@dataclass(frozen=True)
class EngineSettings:
    """Where tiles are matched. None of it changes a result."""

    kind: Annotated[
        EngineKind,
        Meaning(Words("Mesin ini atau klaster Ray", "This machine or a Ray cluster")),
    ] = "local"
    processes: Annotated[
        int | None,
        Meaning(
            Words(
                "Proses mesin lokal: satu tiap inti bila kosong, 0 untuk tidak satu pun di luar"
                " proses layanan",
                "Processes of the local engine: one a core if empty, 0 for none except the"
                " service's own",
            ),
            "proses · processes",
        ),
    ] = None
    ray_address: Annotated[
        str,
        Meaning(
            Words(
                "`host:port`, `auto` untuk klaster mesin ini, atau `local` untuk klaster selama"
                " satu pemadanan",
                "`host:port`, `auto` for the cluster that this machine belongs to, or `local` for"
                " one that lives as long as the run",
            )
        ),
    ] = "auto"


@dataclass(frozen=True)
class LimitSettings:
    """What clients may take of one process of the service."""

    connections: Annotated[
        int,
        Meaning(
            Words(
                "Sambungan sekaligus; lebih sedikit bila proses boleh membuka lebih sedikit berkas",
                "Connections at a time; fewer if the process may open fewer files",
            ),
            "sambungan · connections",
        ),
    ] = 2000
    connections_per_address: Annotated[
        int,
        Meaning(
            Words(
                "Sambungan sekaligus dari satu alamat, kecuali dari proksi tepercaya",
                "Connections at a time from one address, except a trusted proxy",
            ),
            "sambungan · connections",
        ),
    ] = 256
    header_seconds: Annotated[
        int,
        Meaning(
            Words(
                "Waktu untuk kepala permintaan",
                "Time for the headers of a request",
            ),
            "detik · seconds",
        ),
    ] = 20
    keep_alive_seconds: Annotated[
        int,
        Meaning(
            Words(
                "Waktu sambungan menunggu permintaan berikutnya",
                "Time that a connection waits for the next request",
            ),
            "detik · seconds",
        ),
    ] = 15
    body_idle_seconds: Annotated[
        int,
        Meaning(
            Words(
                "Jeda terlama di tengah isi permintaan atau jawaban",
                "Longest pause within the body of a request or an answer",
            ),
            "detik · seconds",
        ),
    ] = 30
    body_bytes_per_second: Annotated[
        int,
        Meaning(
            Words(
                "Laju terkecil isi permintaan sesudah jeda itu",
                "Least rate of a body after that pause",
            ),
            "byte/detik · bytes/second",
        ),
    ] = 4096
    requests_per_second: Annotated[
        int,
        Meaning(
            Words(
                "Permintaan satu anggota roster, rata-rata",
                "Requests of one member of the roster, on average",
            ),
            "permintaan/detik · requests/second",
        ),
    ] = 200
    requests_burst: Annotated[
        int,
        Meaning(
            Words(
                "Permintaan satu anggota sekaligus sebelum laju itu berlaku",
                "Requests of one member in a burst before that rate holds",
            ),
            "permintaan · requests",
        ),
    ] = 2000
    requests_at_a_time: Annotated[
        int,
        Meaning(
            Words(
                "Permintaan satu anggota yang dikerjakan bersamaan; yang lain menunggu",
                "Requests of one member that are worked on at a time; others wait",
            ),
            "permintaan · requests",
        ),
    ] = 8
    turn_seconds: Annotated[
        int,
        Meaning(
            Words(
                "Waktu permintaan menunggu giliran; sesudahnya 429",
                "Time that a request waits for its turn; then 429",
            ),
            "detik · seconds",
        ),
    ] = 60
    shutdown_seconds: Annotated[
        int,
        Meaning(
            Words(
                "Waktu permintaan untuk selesai ketika layanan dihentikan",
                "Time for requests to finish when the service is stopped",
            ),
            "detik · seconds",
        ),
    ] = 10


@dataclass(frozen=True)
class PeopleSettings:
    """How people sign in, and for how long."""

    session_idle_seconds: Annotated[
        int,
        Meaning(
            Words("Sesi berakhir tanpa permintaan", "A session ends after that without a request"),
            "detik · seconds",
        ),
    ] = 1800
    session_seconds: Annotated[
        int,
        Meaning(
            Words("Sesi berakhir paling lambat", "A session ends at the latest"), "detik · seconds"
        ),
    ] = 8 * 3600
    oidc_file: Annotated[
        Path | None,
        Meaning(Words("Setelan penyedia OIDC (YAML)", "Settings of the OIDC provider (YAML)")),
    ] = None


@dataclass(frozen=True)
class StoreSettings:
    """A bucket of S3 or of a compatible store for what is otherwise in the folder `blobs`."""

    url: Annotated[
        str,
        Meaning(
            Words(
                "`s3://WADAH/AWALAN`; kosong untuk folder `blobs`",
                "`s3://BUCKET/PREFIX`; empty for the folder `blobs`",
            )
        ),
    ] = ""
    endpoint: Annotated[
        str,
        Meaning(
            Words(
                "Alamat https penyimpanan yang kompatibel; kosong untuk AWS",
                "The https address of a compatible store; empty for AWS",
            )
        ),
    ] = ""
    region: Annotated[str, Meaning(Words("Wilayah wadah", "The region of the bucket"))] = ""
    credentials: Annotated[
        Path | None,
        Meaning(
            Words(
                "Berkas kunci dalam bentuk `~/.aws/credentials`; tanpa ini dari lingkungan atau"
                " mesin",
                "A file of keys in the form of `~/.aws/credentials`; without it, from the"
                " environment or the instance",
            )
        ),
    ] = None
    plain_http: Annotated[
        bool,
        Meaning(
            Words(
                "Izinkan alamat http di luar mesin ini",
                "Allow an http address outside of this machine",
            )
        ),
    ] = False


@dataclass(frozen=True)
class TokenSettings:
    """A PKCS#11 token under whose keys the keystore's keys are."""

    module: Annotated[
        Path | None,
        Meaning(
            Words(
                "Pustaka PKCS#11 token; tanpa ini kunci hanya di folder `keystore`",
                "The token's PKCS#11 library; without it, keys are in the folder `keystore` alone",
            )
        ),
    ] = None
    label: Annotated[str, Meaning(Words("Label token", "The token's label"))] = ""
    pin: Annotated[
        Path | None, Meaning(Words("Berkas PIN token", "The file of the token's PIN"))
    ] = None
