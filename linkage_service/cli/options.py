"""Options that commands share: the engine and its resources, and where a service keeps what."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from linkage_service.error_codes import ServiceCode
from linkage_service.logs import Format, form_here
from linkage_service.settings import EngineSettings, Settings, StoreSettings, TokenSettings
from policy.base.errors import NotYet
from policy.base.files import read_file
from policy.base.words import Words
from policy.terminal import console


class LogFormat(StrEnum):
    """The form of log lines."""

    json = "json"
    text = "text"
    short = "short"


class EngineName(StrEnum):
    """Where tiles are matched."""

    local = "local"
    ray = "ray"


DatabaseUrlFile = Annotated[
    Path | None, typer.Option(help="Berkas berisi URL basis data / file with a database URL")
]
Engine = Annotated[
    EngineName,
    typer.Option(envvar="PADAN_ENGINE", help="Mesin ini atau klaster / this machine or a cluster"),
]
Processes = Annotated[
    int | None,
    typer.Option(
        envvar="PADAN_PROCESSES",
        help="Proses; tanpa ini satu tiap inti / processes; without it, one for each core",
        min=0,
    ),
]
RayAddress = Annotated[
    str,
    typer.Option(
        envvar="PADAN_RAY_ADDRESS", help="host:port, auto, atau local / host:port, auto or local"
    ),
]
Scratch = Annotated[
    Path | None,
    typer.Option(
        envvar="PADAN_SCRATCH", help="Folder kerja terenkripsi / encrypted working folder"
    ),
]
PublicAddress = Annotated[
    str,
    typer.Option(
        envvar="PADAN_PUBLIC_URL",
        help="Alamat layanan di luar, di depan proksi / the address outside, before a proxy",
    ),
]
TrustedProxies = Annotated[
    list[str] | None,
    typer.Option(
        help="IP proksi yang X-Forwarded-For-nya dipercaya"
        " / IP of a proxy whose X-Forwarded-For is believed"
    ),
]
RunsAtOnce = Annotated[
    int,
    typer.Option(
        help="Pemadanan yang dikerjakan bersamaan di sini / runs that are worked on here at once",
        min=1,
    ),
]
TileRows = Annotated[int, typer.Option(help="Baris tiap petak / rows in a tile", min=1)]


LogLines = Annotated[
    LogFormat | None,
    typer.Option(
        help="Bentuk baris log; tanpa ini short di terminal (hanya galat), selain itu json"
        " / form of log lines; without it, short at a terminal (errors only), else json"
    ),
]


def log_form(chosen: LogFormat | None) -> Format:
    """The chosen form of log lines, or what fits where they are read."""
    if chosen is not None:
        return chosen.value
    return "json" if console.options.json else form_here()


def engine_settings(engine: EngineName, processes: int | None, ray_address: str) -> EngineSettings:
    return EngineSettings(engine.value, processes, ray_address)


@dataclass(frozen=True)
class StorageOptions:
    """Where a service keeps its database, blobs and keys: options of each command that opens it."""

    database_url_file: DatabaseUrlFile = None
    blobs_url: Annotated[
        str,
        typer.Option(
            envvar="PADAN_BLOBS_URL",
            help="s3://WADAH/AWALAN sebagai ganti folder blobs"
            " / s3://BUCKET/PREFIX in place of the folder blobs",
        ),
    ] = ""
    blobs_endpoint: Annotated[
        str,
        typer.Option(
            envvar="PADAN_BLOBS_ENDPOINT",
            help="Alamat https wadah, bila bukan AWS / https address of the bucket, if not AWS",
        ),
    ] = ""
    blobs_region: Annotated[
        str, typer.Option(envvar="PADAN_BLOBS_REGION", help="Wilayah wadah / region of the bucket")
    ] = ""
    blobs_credentials: Annotated[
        Path | None,
        typer.Option(
            envvar="PADAN_BLOBS_CREDENTIALS",
            help="Berkas kunci wadah / file with the keys of the bucket",
        ),
    ] = None
    blobs_plain_http: Annotated[
        bool,
        typer.Option(
            "--blobs-plain-http",
            envvar="PADAN_BLOBS_PLAIN_HTTP",
            help="Izinkan http di jaringan layanan sendiri"
            " / allow http in the service's own network",
        ),
    ] = False
    token_module: Annotated[
        Path | None,
        typer.Option(
            envvar="PADAN_TOKEN_MODULE",
            help="Pustaka PKCS#11 yang mengunci kunci periode"
            " / PKCS#11 library that locks epoch keys",
        ),
    ] = None
    token_label: Annotated[
        str, typer.Option(envvar="PADAN_TOKEN_LABEL", help="Label token / label of the token")
    ] = ""
    token_pin_file: Annotated[
        Path | None,
        typer.Option(
            envvar="PADAN_TOKEN_PIN_FILE", help="Berkas PIN token / file with the token's PIN"
        ),
    ] = None

    def settings(self, home: Path, *, new: bool = False, **more: Any) -> Settings:
        """The settings of the service in this home; `more` are those that a command adds.

        Raises NotYet without a database; where it may be a `new` one, the command makes it.
        """
        blobs = (self.blobs_url, self.blobs_endpoint, self.blobs_region, self.blobs_credentials)
        url = url_in(self.database_url_file)
        if not new:
            require_database(Settings.under(home, url))
        return Settings.under(
            home,
            url,
            store=StoreSettings(*blobs, self.blobs_plain_http),
            token=TokenSettings(self.token_module, self.token_label, self.token_pin_file),
            **more,
        )

    def secrets(self) -> tuple[Path, ...]:
        """Files among them that hold a secret."""
        files = (self.database_url_file, self.blobs_credentials, self.token_pin_file)
        return tuple(each for each in files if each)


def with_storage(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with an option for each field of `StorageOptions` in place of `storage`."""
    kinds = get_type_hints(StorageOptions, include_extras=True)
    asked = [
        inspect.Parameter(
            each.name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=kinds[each.name],
            default=each.default,
        )
        for each in fields(StorageOptions)
    ]
    signature = inspect.signature(command, eval_str=True)
    kept = [each for each in signature.parameters.values() if each.name != "storage"]
    parameters = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in kept] + asked

    @functools.wraps(command)
    def with_options(**values: Any) -> Any:
        given = {each.name: values.pop(each.name) for each in asked}
        return command(storage=StorageOptions(**given), **values)

    del with_options.__wrapped__  # typer would read the signature without these options
    with_options.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    with_options.__annotations__ = {each.name: each.annotation for each in parameters}
    return with_options


def url_in(path: Path | None) -> str | None:
    """A URL from a file, never from an argument: it may contain a password."""
    return read_file(path, limit=4096).decode().strip() if path else None


def require_database(settings: Settings) -> None:
    """Checks that the service has made its database, if it is a file; raises NotYet.

    A command that made one would work on another database than the service.
    """
    from sqlalchemy import make_url

    parsed = make_url(settings.database_url)
    file = parsed.database if parsed.get_backend_name() == "sqlite" else None
    if not file or Path(file).is_file():
        return
    raise NotYet(
        ServiceCode.SERVICE_NO_DATABASE,
        Words(f"Basis data {file} tidak ada.", f"There is no database {file}."),
        Words(
            "Bila layanan memakai PostgreSQL, beri --database-url-file BERKAS, sama seperti kepada"
            " 'padan-linkage serve'. Bila tidak, jalankan serve dulu: ia membuat basis datanya.",
            "If the service uses PostgreSQL, give --database-url-file FILE, the same as to"
            " 'padan-linkage serve'. Otherwise run serve first: it makes the database.",
        ),
    )
