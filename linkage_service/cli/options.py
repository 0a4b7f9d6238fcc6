"""Common options of the commands that match: the engine, its resources, the tile size."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from linkage_service.settings import EngineSettings, StoreSettings
from policy.base.files import read_file


class LogFormat(StrEnum):
    """The form of log lines."""

    json = "json"
    text = "text"


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
BlobsUrl = Annotated[
    str,
    typer.Option(
        envvar="PADAN_BLOBS_URL",
        help="s3://WADAH/AWALAN sebagai ganti folder blobs"
        " / s3://BUCKET/PREFIX in place of the folder blobs",
    ),
]
BlobsEndpoint = Annotated[
    str,
    typer.Option(
        envvar="PADAN_BLOBS_ENDPOINT",
        help="Alamat https wadah, bila bukan AWS / https address of the bucket, if not AWS",
    ),
]
BlobsRegion = Annotated[
    str, typer.Option(envvar="PADAN_BLOBS_REGION", help="Wilayah wadah / region of the bucket")
]
BlobsCredentials = Annotated[
    Path | None,
    typer.Option(
        envvar="PADAN_BLOBS_CREDENTIALS",
        help="Berkas kunci wadah / file with the keys of the bucket",
    ),
]
BlobsPlainHttp = Annotated[
    bool,
    typer.Option(
        "--blobs-plain-http",
        envvar="PADAN_BLOBS_PLAIN_HTTP",
        help="Izinkan http di jaringan layanan sendiri / allow http in the service's own network",
    ),
]
TokenModule = Annotated[
    Path | None,
    typer.Option(
        envvar="PADAN_TOKEN_MODULE",
        help="Pustaka PKCS#11 yang mengunci kunci periode / PKCS#11 library that locks epoch keys",
    ),
]
TokenLabel = Annotated[
    str, typer.Option(envvar="PADAN_TOKEN_LABEL", help="Label token / label of the token")
]
TokenPinFile = Annotated[
    Path | None,
    typer.Option(
        envvar="PADAN_TOKEN_PIN_FILE", help="Berkas PIN token / file with the token's PIN"
    ),
]
TileRows = Annotated[int, typer.Option(help="Baris tiap petak / rows in a tile", min=1)]


def engine_settings(engine: EngineName, processes: int | None, ray_address: str) -> EngineSettings:
    return EngineSettings(engine.value, processes, ray_address)


def store_settings(
    url: str, endpoint: str, region: str, credentials: Path | None, *, plain_http: bool
) -> StoreSettings:
    return StoreSettings(url, endpoint, region, credentials, plain_http)


def url_in(path: Path | None) -> str | None:
    """A URL from a file, never from an argument: it may contain a password."""
    return read_file(path, limit=4096).decode().strip() if path else None
