"""Every setting of one service, and the embedded defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from linkage_service.settings.groups import (
    EngineSettings,
    LimitSettings,
    PeopleSettings,
    StoreSettings,
    TokenSettings,
)
from linkage_service.settings.meaning import (
    LEAST_FREE_BYTES,
    RUNS_AT_ONCE,
    SWEEP_SECONDS,
    TILE_ROWS,
    UPLOAD_DAYS,
    Meaning,
)
from policy.base.words import Words


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
    ] = field(default_factory=EngineSettings)
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
        field(default_factory=StoreSettings)
    )
    token: Annotated[
        TokenSettings, Meaning(Words("Lihat token PKCS#11", "See the PKCS#11 token"))
    ] = field(default_factory=TokenSettings)
    upload_days: Annotated[
        int,
        Meaning(
            Words(
                "Umur kiriman yang tidak pernah disebut manifes sebelum dihapus, sejak pengirimnya"
                " terakhir mengirim",
                "Age at which uploads that no manifest names are deleted, since their sender last"
                " sent anything",
            ),
            "hari · days",
        ),
    ] = UPLOAD_DAYS
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
    ] = field(default_factory=LimitSettings)
    metrics_port: Annotated[
        int | None,
        Meaning(
            Words(
                "Porta tempat Prometheus membaca metrik; kosong: tidak ada",
                "Port where Prometheus reads metrics; empty: none",
            ),
            "porta · port",
        ),
    ] = None
    metrics_host: Annotated[
        str,
        Meaning(
            Words(
                "Alamat porta metrik; di luar loopback hanya untuk jaringan pemantauan",
                "Address of the metrics port; beyond loopback for the monitoring network only",
            )
        ),
    ] = "127.0.0.1"
    log_format: Annotated[
        Literal["json", "text", "short"],
        Meaning(
            Words(
                "Bentuk baris log; short hanya memuat galat, dan dipilih di terminal",
                "The form of log lines; short has errors only, and is chosen at a terminal",
            )
        ),
    ] = "json"
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
    ] = field(default_factory=PeopleSettings)
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
        people: PeopleSettings = PeopleSettings(),
        store: StoreSettings = StoreSettings(),
        upload_days: int = UPLOAD_DAYS,
        token: TokenSettings = TokenSettings(),
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
            people=people,
            store=store,
            upload_days=upload_days,
            token=token,
        )


def _sqlite(path: Path) -> str:
    """Its URL, whatever characters are in the names of its folders."""
    return f"sqlite:///{quote(str(path))}"
