"""Everything that can be set, read once at start and passed down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from policy.base.words import Words

MAX_BODY_BYTES = 8 * 1024 * 1024
TILE_ROWS = 8192
SWEEP_SECONDS = 3600
RUNS_AT_ONCE = 2
LEAST_FREE_BYTES = 512 * 1024 * 1024


EngineKind = Literal["local", "ray"]


@dataclass(frozen=True)
class Meaning:
    """What a setting is for, and the unit of its value ('' where it has none)."""

    words: Words
    unit: str = ""


# What the programs read from the environment besides their own options.
VARIABLES: Mapping[str, Words] = {
    "RAY_AUTH_MODE": Words(
        "Harus `token` untuk klaster Ray di mesin lain",
        "Must be `token` for a Ray cluster on another machine",
    ),
    "RAY_USE_TLS": Words(
        "Harus 1 atau true untuk klaster Ray di mesin lain",
        "Must be 1 or true for a Ray cluster on another machine",
    ),
}


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
    """How long people stay signed in."""

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
class Settings:
    """Where one service keeps things, and how it works."""

    home: Annotated[Path, Meaning(Words("Folder rumah layanan", "The home folder of the service"))]
    database_url: Annotated[
        str, Meaning(Words("Basis data layanan", "The database of the service"))
    ]
    blobs: Annotated[
        Path,
        Meaning(
            Words(
                "Potongan, hasil, dan berkas rilis yang disimpan",
                "Stored chunks, results and released files",
            )
        ),
    ]
    keystore: Annotated[
        Path,
        Meaning(
            Words(
                "Kunci setiap periode kunci. Jangan taruh di basis data atau cadangan: memusnahkan"
                " kunci di sini memusnahkan penyandian periode itu",
                "Epoch keys. Keep them out of databases and backups: destroying a key here"
                " destroys the encodings of its epoch",
            )
        ),
    ]
    scratch: Annotated[
        Path,
        Meaning(
            Words(
                "Penyandian terbuka selama pemadanan: disk terenkripsi atau memori mesin ini, tanpa"
                " cadangan",
                "Decrypted encodings during a run: an encrypted disk or memory of this machine,"
                " without backup",
            )
        ),
    ]
    executors: Annotated[
        Path,
        Meaning(Words("Id proses layanan di folder ini", "Ids of this folder's processes")),
    ]
    tile_rows: Annotated[
        int,
        Meaning(
            Words(
                "Baris di satu sisi petak, satuan kerja dan pengulangan",
                "Rows on one side of a tile, the unit of work and of retry",
            ),
            "baris · rows",
        ),
    ] = TILE_ROWS
    engine: Annotated[
        EngineSettings, Meaning(Words("Lihat mesin pemadanan", "See the matching engine"))
    ] = EngineSettings()
    sweep_seconds: Annotated[
        int,
        Meaning(
            Words(
                "Jeda antara dua pemeriksaan jadwal pemusnahan",
                "Time between two looks for what is due for destruction",
            ),
            "detik · seconds",
        ),
    ] = SWEEP_SECONDS
    runs_at_once: Annotated[
        int,
        Meaning(
            Words(
                "Pemadanan yang dikerjakan satu proses pada saat yang sama",
                "Runs that one process works on at the same time",
            ),
            "pemadanan · runs",
        ),
    ] = RUNS_AT_ONCE
    store: Annotated[StoreSettings, Meaning(Words("Lihat wadah S3", "See the bucket of S3"))] = (
        StoreSettings()
    )
    executor_id: Annotated[
        str,
        Meaning(
            Words(
                "Id proses yang dipilih sendiri: huruf kecil, angka, dan tanda hubung, unik di"
                " basis datanya; kosong untuk id dari folder executors",
                "A chosen process id: lower case, digits and dashes, unique on its database; empty"
                " for an id from the executors folder",
            )
        ),
    ] = ""
    limits: Annotated[
        LimitSettings, Meaning(Words("Lihat batas pemanggil", "See limits of callers"))
    ] = LimitSettings()
    least_free_bytes: Annotated[
        int,
        Meaning(
            Words(
                "Sisa ruang disk; di bawahnya `/ready` menjawab 503",
                "Space left on a disk; with less, `/ready` answers 503",
            ),
            "byte · bytes",
        ),
    ] = LEAST_FREE_BYTES
    people: Annotated[
        PeopleSettings, Meaning(Words("Lihat orang yang masuk", "See people who sign in"))
    ] = PeopleSettings()
    public_url: Annotated[
        str,
        Meaning(
            Words(
                "Alamat layanan di luar, dengan awalan jalur bila ada; permintaan ditandatangani"
                " untuknya. Kosong: alamat di folder rumah layanan",
                "The service's address outside, with its path prefix if it has one; requests are"
                " signed for it. Empty: the address in the service's home folder",
            )
        ),
    ] = ""
    gateway_hosts: Annotated[
        tuple[str, ...],
        Meaning(
            Words(
                "Nama lain yang ditulis gerbang di Host; Host lain ditolak",
                "Other names that a gateway writes into Host; any other Host is refused",
            )
        ),
    ] = ()
    trusted_proxies: Annotated[
        tuple[str, ...],
        Meaning(
            Words(
                "Alamat IP proksi yang X-Forwarded-For-nya dipercaya untuk batas tiap pemanggil;"
                " kosong: tidak satu pun",
                "IP addresses of proxies whose X-Forwarded-For is believed for the limits of a"
                " caller; empty: none",
            )
        ),
    ] = ()

    @classmethod
    def under(
        cls,
        home: Path,
        database_url: str | None = None,
        tile_rows: int = TILE_ROWS,
        engine: EngineSettings = EngineSettings(),
        scratch: Path | None = None,
        sweep_seconds: int = SWEEP_SECONDS,
        executor_id: str = "",
        runs_at_once: int = RUNS_AT_ONCE,
        public_url: str = "",
        gateway_hosts: tuple[str, ...] = (),
        trusted_proxies: tuple[str, ...] = (),
        store: StoreSettings = StoreSettings(),
    ) -> Settings:
        """The embedded defaults: everything in `HOME/service/`, the database in SQLite."""
        folder = (home / "service").resolve()
        return cls(
            home=home,
            database_url=database_url or _sqlite(folder / "padan.sqlite"),
            blobs=folder / "blobs",
            keystore=folder / "keystore",
            scratch=scratch or folder / "scratch",
            executors=folder / "executors",
            tile_rows=tile_rows,
            engine=engine,
            sweep_seconds=sweep_seconds,
            runs_at_once=runs_at_once,
            executor_id=executor_id,
            public_url=public_url,
            gateway_hosts=gateway_hosts,
            trusted_proxies=trusted_proxies,
            store=store,
        )


def _sqlite(path: Path) -> str:
    """Its URL, whatever characters are in the names of its folders."""
    return f"sqlite:///{quote(str(path))}"
