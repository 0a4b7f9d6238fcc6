"""Answers that are not this version's: from a gateway, a firewall, another program at that address,
or a service that does not know a request of this program."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx2

from policy.base.error_codes import PolicyCode
from policy.base.errors import PadanError, Refused, Unreachable
from policy.base.words import Words
from policy.wire.failures import host_of
from policy.wire.retries import NOBODY_BEHIND_THE_GATEWAY

_TOO_LARGE = 413
_NO_ROUTE = (404, 405)
_NO_ROUTE_CODE = "request.malformed"  # of every service


def is_page(response: httpx2.Response) -> bool:
    """Whether this is a page for people; the API has none."""
    return bool(response.headers.get("content-type", "").lower().startswith("text/html"))


def is_unknown_there(status: int, code: str) -> bool:
    """Whether the service has no such route; a service answers so, and not a gateway."""
    return status in _NO_ROUTE and code == _NO_ROUTE_CODE


def older(url: str) -> Refused:
    """The error for a request that the service does not know."""
    host = host_of(url)
    return Refused(
        PolicyCode.SERVICE_OLDER,
        Words(
            f"Layanan di {host} tidak mengenal permintaan ini: versinya lebih lama daripada program"
            " ini, atau alamatnya kurang jalur di depannya.",
            f"The service at {host} does not know this request: it is an earlier version than this"
            " program, or its address lacks a path prefix.",
        ),
        Words(
            "Bila alamatnya sama dengan di undangan, minta koordinator memperbarui layanan. Yang"
            " sudah terkirim tetap ada.",
            "If the address is that of the invite, ask the coordinator to upgrade the service. What"
            " was sent already is kept.",
        ),
    )


def explained(url: str, response: httpx2.Response, sent: int) -> PadanError:
    """The error for an answer without Padan's own explanation; `sent` bytes were in the request."""
    host, status = host_of(url), response.status_code
    if status == _TOO_LARGE:
        return _too_large(host, sent)
    if status in NOBODY_BEHIND_THE_GATEWAY:
        return _nobody_behind(host, status)
    if response.is_redirect:
        return _moved(host, response)
    if is_page(response):
        return _page(host, status)
    return Refused(
        PolicyCode.SERVICE_ANSWER,
        Words(
            f"{host} menjawab {status} tanpa penjelasan.",
            f"{host} answered {status} without an explanation.",
        ),
        Words(
            "Periksa alamat layanan dengan jalurnya; bila benar, hubungi koordinator layanan.",
            "Check the service's address with its path; if it is right, ask the service's"
            " coordinator.",
        ),
    )


def _too_large(host: str, sent: int) -> Refused:
    return Refused(
        PolicyCode.SERVICE_BODY_LIMIT,
        Words(
            f"Proksi di depan layanan ({host}) menolak ukuran permintaan: {sent} byte.",
            f"The proxy before the service ({host}) refused the size of the request: {sent} bytes.",
        ),
        Words(
            "Minta pengelolanya menaikkan batas: di nginx 'client_max_body_size 16m;'. Lalu ulangi;"
            " yang sudah terkirim tetap ada.",
            "Ask its operator to raise the limit: in nginx 'client_max_body_size 16m;'. Then try"
            " again; what was sent already is kept.",
        ),
    )


def _nobody_behind(host: str, status: int) -> Unreachable:
    return Unreachable(
        PolicyCode.SERVICE_GATEWAY,
        Words(
            f"Gerbang di {host} menjawab {status}: layanan di belakangnya tidak menjawab.",
            f"The gateway at {host} answered {status}: the service behind it does not answer.",
        ),
        Words(
            "Tunggu lalu berikan perintah yang sama; bila tetap begini, minta koordinator memeriksa"
            " layanan dengan 'padan-linkage doctor'.",
            "Wait and give the same command again; if it persists, ask the coordinator to check the"
            " service with 'padan-linkage doctor'.",
        ),
    )


def _moved(host: str, response: httpx2.Response) -> Refused:
    target = urlsplit(str(response.headers.get("location", "")))
    place = f"{target.scheme}://{target.netloc.rpartition('@')[2]}" if target.netloc else host
    return Refused(
        PolicyCode.SERVICE_MOVED,
        Words(
            f"{host} menyuruh pergi ke alamat lain: {place}.",
            f"{host} sends requests on to another address: {place}.",
        ),
        Words(
            "Tanda tangan hanya berlaku untuk satu alamat. Bila itu alamat layanan, simpan:"
            " padan-policy join --service URL. Bila itu halaman masuk, minta pengelola jaringan"
            " membuka jalan ke layanan.",
            "A signature holds for one address only. If that is the service's address, keep it:"
            " padan-policy join --service URL. If it is a sign-in page, ask the network's"
            " administrator for a way to the service.",
        ),
    )


def _page(host: str, status: int) -> Refused:
    return Refused(
        PolicyCode.SERVICE_PAGE,
        Words(
            f"{host} menjawab {status} dengan halaman web yang bukan dari Padan.",
            f"{host} answered {status} with a web page that is not from Padan.",
        ),
        Words(
            "Periksa alamat layanan dengan jalurnya. Bila benar, ada gerbang, tembok api, atau"
            " halaman masuk di antaranya: tanyakan kepada pengelola jaringan.",
            "Check the service's address with its path. If it is right, a gateway, a firewall or a"
            " sign-in page is in between: ask the network's administrator.",
        ),
    )
