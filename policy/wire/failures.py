"""Why no answer came: name, port, certificate, time; and what to do next."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, Unreachable
from policy.base.words import Words

# OpenSSL's X509_V_ERR_*; an issuer that is missing, or one that is known but not trusted.
_UNKNOWN_ISSUER = (2, 18, 19, 20, 21, 27)
_NOT_IN_TIME = (9, 10)
_OTHER_NAME = (62, 64)


def unreachable(url: str, error: BaseException) -> Unreachable:
    """The error for a request to `url` that got no answer."""
    certificate, host = certificate_error(error), host_of(url)
    if certificate is not None:
        return _certificate(host, certificate)
    if any(isinstance(each, socket.gaierror) for each in _causes(error)):
        return _no_such_name(urlsplit(url).hostname or "")
    if any(isinstance(each, ssl.SSLError) for each in _causes(error)):
        return _no_tls(host)
    if any(isinstance(each, ConnectionRefusedError) for each in _causes(error)):
        return _refused(host)
    if isinstance(error, httpx2.TimeoutException):
        return _too_slow(host)
    return _lost(host)


def require_address(url: str) -> None:
    """Checks that requests can be sent to this URL; raises BadInput."""
    try:
        httpx2.URL(url)
        _ = urlsplit(url).port  # raises ValueError for a port that cannot be
    except (httpx2.InvalidURL, ValueError):
        raise BadInput(
            PolicyCode.SERVICE_ADDRESS,
            Words(
                "Alamat layanan itu bukan alamat web yang sah.",
                "The address of the service is not a valid web address.",
            ),
            Words(
                "Periksa ejaan dan portnya, misalnya https://padan.contoh.go.id",
                "Check its spelling and its port, for example https://padan.example.go.id",
            ),
        ) from None


def certificate_error(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """What is wrong with the certificate, if the connection failed for that."""
    for each in _causes(error):
        if isinstance(each, ssl.SSLCertVerificationError):
            return each
    return None


def host_of(url: str) -> str:
    """Host and port of a URL, without user name and password."""
    return urlsplit(url).netloc.rpartition("@")[2]


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and the errors behind it."""
    following: BaseException | None = error
    while following is not None:
        yield following
        following = following.__cause__ or following.__context__


_TRY_AGAIN = Words("Lalu ulangi; tidak ada yang hilang.", "Then try again; nothing is lost.")


def _made(code: PolicyCode, problem: Words, hint: Words) -> Unreachable:
    more = Words(f"{hint.id} {_TRY_AGAIN.id}", f"{hint.en} {_TRY_AGAIN.en}")
    return Unreachable(code, problem, more)


def _no_such_name(host: str) -> Unreachable:
    return _made(
        PolicyCode.SERVICE_NAME,
        Words(f"Nama {host} tidak dikenal DNS.", f"The name {host} is not known to DNS."),
        Words(
            "Periksa ejaan alamat layanan, jaringan atau VPN, dan DNS mesin ini.",
            "Check the spelling of the service's address, the network or VPN, and this machine's"
            " DNS.",
        ),
    )


def _refused(host: str) -> Unreachable:
    return _made(
        PolicyCode.SERVICE_UNREACHABLE,
        Words(
            f"Tidak ada yang menjawab di {host}: sambungan ditolak.",
            f"Nothing answers at {host}: the connection was refused.",
        ),
        Words(
            "Periksa alamat dan porta layanan; tanyakan kepada koordinator apakah layanan"
            " berjalan.",
            "Check the service's address and port; ask the coordinator whether the service runs.",
        ),
    )


def _too_slow(host: str) -> Unreachable:
    return _made(
        PolicyCode.SERVICE_UNREACHABLE,
        Words(f"{host} tidak menjawab pada waktunya.", f"{host} did not answer in time."),
        Words(
            "Periksa jaringan, VPN, dan tembok api ke alamat layanan.",
            "Check the network, the VPN and the firewall towards the service's address.",
        ),
    )


def _lost(host: str) -> Unreachable:
    return _made(
        PolicyCode.SERVICE_UNREACHABLE,
        Words(
            f"Layanan pemadanan di {host} tidak dapat dihubungi.",
            f"The linkage service at {host} cannot be reached.",
        ),
        Words(
            "Periksa alamat layanan dan jaringan.", "Check the service's address and the network."
        ),
    )


def _no_tls(host: str) -> Unreachable:
    return _made(
        PolicyCode.SERVICE_TLS,
        Words(f"{host} tidak berbicara TLS yang aman.", f"{host} does not speak secure TLS."),
        Words(
            "Periksa apakah alamatnya https dan portanya benar; layanan perlu TLS 1.2 atau lebih"
            " baru.",
            "Check whether the address is https and the port is right; the service needs TLS 1.2 or"
            " later.",
        ),
    )


def _certificate(host: str, error: ssl.SSLCertVerificationError) -> Unreachable:
    number = getattr(error, "verify_code", 0)
    if number in _UNKNOWN_ISSUER:
        return _unknown_issuer(host)
    if number in _NOT_IN_TIME:
        return _expired(host)
    if number in _OTHER_NAME:
        return _other_name(host)
    return _made(
        PolicyCode.SERVICE_TLS,
        Words(
            f"Sertifikat {host} tidak dapat dipercaya.",
            f"The certificate of {host} cannot be trusted.",
        ),
        Words(
            "Beri tahu koordinator layanan; jangan lewati pemeriksaan sertifikat.",
            "Tell the service's coordinator; do not go around the check of the certificate.",
        ),
    )


def _unknown_issuer(host: str) -> Unreachable:
    return _made(
        PolicyCode.SERVICE_TLS_ISSUER,
        Words(
            f"Mesin ini tidak mengenal penerbit sertifikat {host}.",
            f"This machine does not know who issued the certificate of {host}.",
        ),
        Words(
            "Bila layanan memakai CA instansi: pasang sertifikat CA itu di sistem operasi, atau"
            " sebut berkasnya: SSL_CERT_FILE=BERKAS. Kalau tidak, beri tahu koordinator.",
            "If the service uses a CA of an agency: install that CA's certificate in the operating"
            " system, or name its file: SSL_CERT_FILE=FILE. Otherwise tell the coordinator.",
        ),
    )


def _expired(host: str) -> Unreachable:
    return _made(
        PolicyCode.SERVICE_TLS_EXPIRED,
        Words(
            f"Sertifikat {host} tidak berlaku pada tanggal ini.",
            f"The certificate of {host} is not valid on this date.",
        ),
        Words(
            "Periksa jam mesin ini; bila benar, minta pengelola layanan memperbarui sertifikat.",
            "Check this machine's clock; if it is right, ask the service's operator to renew the"
            " certificate.",
        ),
    )


def _other_name(host: str) -> Unreachable:
    return _made(
        PolicyCode.SERVICE_TLS_NAME,
        Words(
            f"Sertifikat itu milik nama lain, bukan {host}.",
            f"The certificate is for another name than {host}.",
        ),
        Words(
            "Pakai alamat layanan persis seperti di undangan; bila sama, beri tahu koordinator.",
            "Use the service's address exactly as the invite has it; if it is the same, tell the"
            " coordinator.",
        ),
    )
