"""An S3 of the tests' own on loopback: moto's server in a thread of this process."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from linkage_service.settings import StoreSettings
from tests.support.ports import free_port

_numbers = itertools.count(1)
KEYS = "[default]\naws_access_key_id = uji\naws_secret_access_key = sangat-rahasia\n"


class Buckets:
    """A running server with buckets. Make one with `running_buckets`."""

    def __init__(self, folder: Path) -> None:
        self.port, self._folder, self._server = free_port(), folder, None
        self.credentials = folder / "credentials"
        self.credentials.write_text(KEYS)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        from moto.server import ThreadedMotoServer

        server: Any = ThreadedMotoServer("127.0.0.1", self.port, verbose=False)
        server.start()
        self._server = server

    def stop(self) -> None:
        server: Any = self._server
        if server is not None:
            server.stop()
        self._server = None

    def bucket(self) -> str:
        """The name of a new bucket."""
        import httpx2

        name = f"uji-{os.getpid()}-{next(_numbers)}"
        httpx2.put(f"{self.endpoint}/{name}").raise_for_status()
        return name

    def settings(self, bucket: str, **change: Any) -> StoreSettings:
        """The settings of a store in this bucket."""
        fields: dict[str, Any] = {
            "url": f"s3://{bucket}/padan",
            "endpoint": self.endpoint,
            "credentials": self.credentials,
        }
        return StoreSettings(**{**fields, **change})


@contextmanager
def running_buckets(folder: Path) -> Iterator[Buckets]:
    """Serve on a port of loopback until the end of the context."""
    buckets = Buckets(folder)
    buckets.start()
    try:
        yield buckets
    finally:
        buckets.stop()
