"""The OIDC provider over HTTP: its own description, a code exchanged, an ID token checked.

An ID token counts if a published key of the provider signed it with an asymmetric algorithm, it was
made by this issuer for this client and this sign-in (nonce), and it has not expired. A token
without a signature, or under the client's secret, is refused.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ValidationError

from linkage_service.error_codes import ServiceCode
from linkage_service.people.oidc_settings import OidcSettings, require_private_address
from policy.base.clocks import Clock
from policy.base.errors import Refused, Unreachable
from policy.base.words import Words

ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519")
_TIMEOUT_SECONDS, _LEEWAY_SECONDS = 10.0, 60
_KNOWN_SECONDS, _ASKED_AGAIN_SECONDS = 3600, 60
_DISCOVERY = "/.well-known/openid-configuration"


class _Metadata(BaseModel):
    """What the provider says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


@dataclass
class OidcProvider:
    """One provider; its description and keys are kept for an hour."""

    settings: OidcSettings
    secret: str = field(repr=False)
    clock: Clock
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _metadata: _Metadata | None = None
    _keys: KeySet | None = None
    _asked: int = 0

    def address(self, redirect: str, state: str, nonce: str, verifier: str) -> str:
        """Where the browser signs in. `verifier` stays here; its digest travels (PKCE, S256)."""
        metadata = self._described()
        with self._client(redirect, metadata) as client:
            url, _ = client.create_authorization_url(
                metadata.authorization_endpoint, state=state, nonce=nonce, code_verifier=verifier
            )
        return str(url)

    def claims(self, redirect: str, code: str, verifier: str, nonce: str) -> Mapping[str, Any]:
        """The claims of the ID token that this code is exchanged for; raises Refused."""
        metadata = self._described()
        try:
            with self._client(redirect, metadata) as client:
                token = client.fetch_token(
                    metadata.token_endpoint, code=code, code_verifier=verifier
                )
        except OAuthError:
            raise _not_believed() from None
        except (httpx2.HTTPError, ValueError):
            raise _unreachable() from None
        id_token = token.get("id_token")
        if not isinstance(id_token, str):
            raise _not_believed()
        return self.checked(id_token, nonce)

    def checked(self, id_token: str, nonce: str) -> Mapping[str, Any]:
        """The claims of a valid ID token; raises Refused."""
        issuer, client = self._described().issuer, self.settings.client_id
        rules = jwt.JWTClaimsRegistry(
            now=self.clock,
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": client},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            token = self._decoded(id_token)
            rules.validate(token.claims)
        except (JoseError, ValueError):
            raise _not_believed() from None
        audience, party = token.claims["aud"], token.claims.get("azp")
        several = isinstance(audience, list) and len(audience) > 1
        if token.claims["nonce"] != nonce or (party != client if several or party else False):
            raise _not_believed()
        return token.claims

    def _decoded(self, id_token: str) -> jwt.Token:
        try:
            return jwt.decode(id_token, self._published(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            # Perhaps the provider has new keys.
            return jwt.decode(id_token, self._published(again=True), algorithms=ALGORITHMS)

    def _client(self, redirect: str, metadata: _Metadata) -> OAuth2Client:
        methods = metadata.token_endpoint_auth_methods_supported
        method = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        return OAuth2Client(
            self.settings.client_id,
            self.secret or None,
            token_endpoint_auth_method=method if self.secret else "none",
            scope=self.settings.scope,
            redirect_uri=redirect,
            code_challenge_method="S256",
            timeout=_TIMEOUT_SECONDS,
        )

    def _described(self) -> _Metadata:
        with self._lock:
            if self._metadata is None or self.clock() - self._asked > _KNOWN_SECONDS:
                self._ask()
            assert self._metadata is not None
            return self._metadata

    def _published(self, *, again: bool = False) -> KeySet:
        self._described()
        with self._lock:
            if again and self.clock() - self._asked > _ASKED_AGAIN_SECONDS:
                self._ask()
            assert self._keys is not None
            return self._keys

    def _ask(self) -> None:
        """Read the provider's description and keys; raises Unreachable or Refused."""
        issuer = self.settings.issuer
        try:
            with httpx2.Client(timeout=_TIMEOUT_SECONDS) as http:
                said = http.get(issuer.rstrip("/") + _DISCOVERY).raise_for_status()
                metadata = _Metadata.model_validate(said.json())
                for each in (metadata.authorization_endpoint, metadata.token_endpoint):
                    require_private_address(each)
                require_private_address(metadata.jwks_uri)
                keys = KeySet.import_key_set(http.get(metadata.jwks_uri).raise_for_status().json())
        except httpx2.HTTPError:
            raise _unreachable() from None
        except (ValidationError, JoseError, ValueError, KeyError):
            raise _not_believed() from None
        if metadata.issuer != issuer:
            raise _not_believed()
        self._metadata, self._keys, self._asked = metadata, keys, self.clock()


def _unreachable() -> Unreachable:
    return Unreachable(
        ServiceCode.PEOPLE_OIDC_UNREACHABLE,
        Words(
            "Penyedia identitas tidak dapat dihubungi.", "The identity provider is not reachable."
        ),
        Words(
            "Ulangi; bila berlanjut, periksa issuer, jaringan, dan sertifikatnya.",
            "Try again; if it persists, check the issuer, the network and its certificate.",
        ),
    )


def _not_believed() -> Refused:
    return Refused(
        ServiceCode.PEOPLE_OIDC_REFUSED,
        Words(
            "Jawaban penyedia identitas tidak dapat dipercaya.",
            "The answer of the identity provider cannot be trusted.",
        ),
        Words(
            "Mulai lagi dari halaman masuk; bila berulang, periksa setelan klien di penyedia.",
            "Begin again at the sign-in page; if it repeats, check the client's settings there.",
        ),
    )
