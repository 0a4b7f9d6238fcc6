"""Which certificate authorities this machine trusts.

SSL_CERT_FILE or SSL_CERT_DIR, if set; otherwise the operating system's own store, in which an
agency installs its CA once for all programs (Windows, macOS and Linux).
"""

from __future__ import annotations

import os
import ssl

import httpx2

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words


def trusted_here() -> ssl.SSLContext:
    """Raises BadInput if the variable names no readable file of certificates."""
    variable = "SSL_CERT_FILE" if os.environ.get("SSL_CERT_FILE") else "SSL_CERT_DIR"
    try:
        return httpx2.create_ssl_context()
    except OSError:  # of the file, and of what is in it (ssl.SSLError)
        raise BadInput(
            PolicyCode.SERVICE_TLS_FILE,
            Words(
                f"Berkas sertifikat dari {variable} tidak ada atau tidak dapat dibaca.",
                f"The file of certificates named by {variable} is missing or cannot be read.",
            ),
            Words(
                f"Perbaiki {variable}: berkas PEM dengan sertifikat CA; atau kosongkan, agar CA"
                " sistem operasi dipakai.",
                f"Correct {variable}: a PEM file with certificates of CAs; or unset it, to use the"
                " operating system's CAs.",
            ),
        ) from None
