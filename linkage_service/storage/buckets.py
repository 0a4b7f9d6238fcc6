"""Opens a bucket of S3 or of a compatible store. Credentials are never an argument, nor printed.

They come from the file that the settings name, else from where S3's own tools look: the environment
(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), the instance, or a web identity.
"""

from __future__ import annotations

import configparser
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from obstore.exceptions import BaseError
from obstore.store import S3Store

from linkage_service.error_codes import ServiceCode
from linkage_service.settings import StoreSettings
from linkage_service.storage.stores import BucketStore
from policy.base.errors import BadInput, Refused
from policy.base.files import read_file
from policy.base.words import Words

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_REGION: Final = "us-east-1"  # compatible stores want one and do not look at it
_RETRIES: Final[Any] = {"max_retries": 5, "retry_timeout": timedelta(seconds=20)}
_CONNECT: Final = timedelta(seconds=5)
_REQUEST: Final = timedelta(seconds=60)
_KEYS: Final = {
    "aws_access_key_id": "access_key_id",
    "aws_secret_access_key": "secret_access_key",
    "aws_session_token": "session_token",
}


def open_bucket(settings: StoreSettings) -> BucketStore:
    """The bucket at `s3://BUCKET/PREFIX`; raises BadInput or Refused. Nothing is sent yet."""
    try:
        url = urlsplit(settings.url)
    except ValueError:
        raise _no_bucket() from None
    if url.scheme != "s3" or not url.hostname or url.username or url.query or url.fragment:
        raise _no_bucket()
    config: Any = {}
    if settings.endpoint:
        config |= {"endpoint": _protected(settings), "region": _REGION}
    if settings.region:
        config["region"] = settings.region
    if settings.credentials is not None:
        config |= _credentials(settings.credentials)
    client: Any = {
        "connect_timeout": _CONNECT,
        "timeout": _REQUEST,
        "allow_http": settings.endpoint.startswith("http:"),
    }
    try:
        store = S3Store(
            url.netloc,
            prefix=url.path.strip("/") or None,
            config=config,
            client_options=client,
            retry_config=_RETRIES,
        )
    except (BaseError, ValueError, TypeError):
        raise _no_bucket() from None
    return BucketStore(store)


def _protected(settings: StoreSettings) -> str:
    """The endpoint, which speaks TLS unless it is this machine or the operator says otherwise."""
    try:
        url = urlsplit(settings.endpoint)
    except ValueError:
        raise _no_bucket() from None
    if url.scheme not in ("http", "https") or not url.hostname or url.username:
        raise _no_bucket()
    if url.scheme == "http" and url.hostname not in _LOOPBACK and not settings.plain_http:
        raise Refused(
            ServiceCode.STORE_SETTINGS,
            Words(
                "Alamat penyimpanan S3 memakai http tanpa TLS.",
                "The address of the S3 store is http, without TLS.",
            ),
            Words(
                "Pakai https, atau --blobs-plain-http di jaringan mesin layanan sendiri.",
                "Use https, or --blobs-plain-http in a network of the service's own machines.",
            ),
        )
    return settings.endpoint


def _credentials(path: Path) -> dict[str, str]:
    """The keys in the section [default] of a file in the form of ~/.aws/credentials."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(read_file(path, limit=64 * 1024).decode())
        section = dict(parser["default"])
    except (configparser.Error, KeyError, UnicodeDecodeError):
        raise _no_credentials(path) from None
    found = {key: section[name] for name, key in _KEYS.items() if section.get(name)}
    if not {"access_key_id", "secret_access_key"} <= set(found):
        raise _no_credentials(path)
    return found


def _no_credentials(path: Path) -> BadInput:
    return BadInput(
        ServiceCode.STORE_CREDENTIALS,
        Words(
            f"Berkas {path} tidak memuat kunci S3 di bagian [default].",
            f"The file {path} has no keys of S3 in its section [default].",
        ),
        Words(
            "Tulis aws_access_key_id dan aws_secret_access_key di bagian itu.",
            "Write aws_access_key_id and aws_secret_access_key in that section.",
        ),
    )


def _no_bucket() -> BadInput:
    return BadInput(
        ServiceCode.STORE_SETTINGS,
        Words("Alamat penyimpanan tidak dapat dibaca.", "The address of the store cannot be read."),
        Words(
            "Tulis --blobs-url s3://WADAH/AWALAN; bila bukan AWS, juga --blobs-endpoint.",
            "Write --blobs-url s3://BUCKET/PREFIX; if not AWS, also --blobs-endpoint.",
        ),
    )
