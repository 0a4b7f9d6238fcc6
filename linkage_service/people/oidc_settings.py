"""The OIDC provider of a service: one YAML file, and what a person's claims mean here.

    issuer: https://sso.contoh.go.id/realms/padan
    client_id: padan
    client_secret_file: oidc-secret       # next to this file; left out for a public client
    roles_claim: groups                   # a path with dots for nested claims
    roles:                                # the provider's word, and the roles it gives here
      padan-koordinator: [coordinator, operator]
      padan-auditor: [auditor]
    office_claim: office                  # the agency's id in the roster; or `office:` for all
    name_claim: preferred_username
    projects_claim: projects              # left out: every project that the charter allows

A word that is not under `roles` gives no role, and a person without a role does not get in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import Field, ValidationError, model_validator

from linkage_service.error_codes import ServiceCode
from linkage_service.people.staff import ALL_PROJECTS, Role
from policy.base.canonical import Model, is_identifier
from policy.base.errors import BadInput, Refused
from policy.base.files import read_file
from policy.base.words import Words

_MAX_BYTES, _MAX_NAME, _MAX_SUBJECT = 64 * 1024, 120, 255
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class OidcSettings(Model):
    """What the file says. Raises ValueError for an issuer that is not behind TLS."""

    issuer: str
    client_id: str = Field(min_length=1)
    client_secret_file: str = ""
    roles_claim: str = "groups"
    roles: dict[str, tuple[Role, ...]] = Field(min_length=1)
    office: str = ""
    office_claim: str = ""
    name_claim: str = "preferred_username"
    projects_claim: str = ""
    scope: str = "openid profile"

    @model_validator(mode="after")
    def _is_usable(self) -> OidcSettings:
        require_private_address(self.issuer)
        if bool(self.office) == bool(self.office_claim):
            raise ValueError("either office or office_claim")
        if self.office and not is_identifier(self.office):
            raise ValueError("office")
        if "openid" not in self.scope.split():
            raise ValueError("scope")
        return self


@dataclass(frozen=True)
class Claimed:
    """A person as the provider describes them, in this service's terms."""

    subject: str
    name: str
    office: str
    roles: frozenset[Role]
    projects: tuple[str, ...]


def require_private_address(url: str) -> None:
    """Raises ValueError unless the address is HTTPS, or on this machine."""
    parts = urlsplit(url)
    local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not (parts.scheme == "https" or local) or not parts.netloc or "@" in parts.netloc:
        raise ValueError("not https")


def read_oidc(path: Path) -> tuple[OidcSettings, str]:
    """The settings of a file, and the client's secret ('' if there is none); raises BadInput."""
    try:
        tree = yaml.safe_load(read_file(path, limit=_MAX_BYTES).decode("utf-8"))
        settings = OidcSettings.model_validate(tree, strict=False)
    except (UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        place = _place(error)
        raise BadInput(
            ServiceCode.PEOPLE_OIDC_SETTINGS,
            Words(
                f"{path.name} bukan setelan OIDC yang lengkap{place}.",
                f"{path.name} is not a complete OIDC setting{place}.",
            ),
            Words(
                "Perlu issuer (https), client_id, roles, dan office atau office_claim.",
                "It needs issuer (https), client_id, roles, and office or office_claim.",
            ),
        ) from None
    if not settings.client_secret_file:
        return settings, ""
    secret = read_file(path.parent / settings.client_secret_file, limit=_MAX_BYTES)
    return settings, secret.decode("utf-8", "replace").strip()


def claimed(settings: OidcSettings, claims: Mapping[str, Any]) -> Claimed:
    """What these claims make of a person; raises Refused for one without a role or an office."""
    words = _texts(_at(claims, settings.roles_claim))
    roles = frozenset(role for each in words for role in settings.roles.get(each, ()))
    office = settings.office or next(iter(_texts(_at(claims, settings.office_claim))), "")
    projects: tuple[str, ...] = (ALL_PROJECTS,)
    if settings.projects_claim:
        named = _texts(_at(claims, settings.projects_claim))
        projects = tuple(sorted(each for each in named if is_identifier(each)))
    subject = claims.get("sub")
    usable = isinstance(subject, str) and 0 < len(subject) <= _MAX_SUBJECT
    if not roles or not is_identifier(office) or not usable:
        raise _no_role()
    assert isinstance(subject, str)
    return Claimed(subject, _name(claims, settings.name_claim, subject), office, roles, projects)


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """The claim at a path: `realm_access.roles` is `roles` within `realm_access`."""
    if path in claims:
        return claims[path]
    value: Any = claims
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _texts(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    # Keycloak writes groups as paths.
    return tuple(each.removeprefix("/") for each in values if isinstance(each, str))


def _name(claims: Mapping[str, Any], claim: str, subject: str) -> str:
    name = next(iter(_texts(_at(claims, claim))), "").strip()
    shown = "".join(each for each in name if each.isprintable())
    return (shown or subject)[:_MAX_NAME]


def _place(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return ""
    names = {str(each["loc"][0]) for each in error.errors() if each["loc"]}
    return f" ({', '.join(sorted(names))})" if names else ""


def _no_role() -> Refused:
    return Refused(
        ServiceCode.PEOPLE_NO_ROLE,
        Words(
            "Akun Anda di penyedia identitas belum punya peran di sini.",
            "Your account at the identity provider has no role here.",
        ),
        Words(
            "Minta pengelola identitas memberi grup peran Padan dan id kantor Anda.",
            "Ask the identity's administrator for a group with a Padan role, and your office's id.",
        ),
    )
