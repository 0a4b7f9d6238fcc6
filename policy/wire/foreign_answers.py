"""Answers that are not Padan's: from a gateway, a firewall or another program at that address."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx2

from policy.base.error_codes import PolicyCode
from policy.base.errors import PadanError, Refused, Unreachable
from policy.base.words import Words
from policy.wire.failures import host_of
from policy.wire.retries import NOBODY_BEHIND_THE_GATEWAY

_TOO_LARGE = 413


def is_page(response: httpx2.Response) -> bool:
    """Whether this is a page for people; the API has none."""
    return bool(response.headers.get("content-type", "").lower().startswith("text/html"))


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
