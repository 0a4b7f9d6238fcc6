"""Authenticates callers: checks the request's signature by the roster, each nonce once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from linkage_service.api.bodies import most_bytes, read_body, require_length
from linkage_service.api.public_address import ASKED
from linkage_service.error_codes import ServiceCode
from linkage_service.limits.parties import Turns
from linkage_service.service import Service
from policy.base.errors import PadanError, Refused, WrongKey
from policy.base.words import Words
from policy.charter import Charter
from policy.formats.http_api import API
from policy.members.roster import Member, Roster
from policy.project.recipients import may_open_facts
from policy.wire.signed_requests import Message, SignedBy, SignedHeaders, unsigned, verify_headers

VERIFYING_AT_A_TIME = 8
# What a request's scope has if it was verified before its route was found, or the error.
VERIFIED = "padan.verified"
_PROJECT = re.compile(rf"{API}/projects/([^/]+)")
_HASHED_AT_ONCE = 16 * 1024  # bytes that are hashed sooner than a thread is woken


@dataclass(frozen=True)
class Caller:
    """A member with a valid signature on this request, and the signed body."""

    member: Member
    body: bytes = field(repr=False)
    service: Service = field(repr=False)

    def require_reader(self, project_id: str) -> Charter:
        """The charter, if this member may read the project's log; raises Refused."""
        if not self.reads(project_id):
            raise not_yours()
        return self.service.ledger.project(project_id).charter

    def reads(self, project_id: str) -> bool:
        """Whether this member may read the log; another proposer of the same id may read it too."""
        return self.service.ledger.stored.may_read(project_id, self.member.id)

    def require_party(self, project_id: str) -> None:
        charter = self.service.ledger.project(project_id).charter
        if self.member.id not in charter.party_ids:
            raise not_yours()

    def require_owner(self, project_id: str, dataset: str) -> None:
        """Raises Refused unless the caller owns the dataset."""
        charter = self.require_reader(project_id)
        if charter.dataset(dataset).owner != self.member.id:
            raise not_yours()

    @property
    def is_coordinator(self) -> bool:
        return self.member.has("service") or self.member.has("coordinator")

    def require_coordinator(self) -> None:
        if not self.is_coordinator:
            raise not_yours()

    def require_authority(self) -> None:
        """Raises Refused unless the caller is an authority or the service's operator."""
        authorities = self.service.ledger.roster.authorities
        if self.member.id not in authorities and not self.is_coordinator:
            raise not_yours()

    def require_auditor(self, project_id: str) -> None:
        charter = self.service.ledger.project(project_id).charter
        if self.member.id not in charter.auditors and not self.member.has("service"):
            raise not_yours()

    def require_entitled_to_facts(self, project_id: str, commitment: str) -> None:
        project = self.service.ledger.project(project_id)
        if not may_open_facts(project, commitment, self.member):
            raise not_yours()


def service_of(request: Request) -> Service:
    """The service that the application holds."""
    service: Service = request.app.state.service
    return service


async def caller(request: Request) -> AsyncIterator[Caller]:
    """FastAPI dependency: the verified caller; raises WrongKey, Refused, BadInput or TooMany.

    Signature, time and nonce are checked before one byte of the body is read.
    """
    service, turns = service_of(request), turns_of(request)
    most = most_bytes(request)
    headers = await _verified_once(request)
    require_length(request, most)
    async with turns.turn(headers.by.member):
        body = await read_body(request, most)
        if len(body) > _HASHED_AT_ONCE:
            await run_in_threadpool(headers.require_body, body)
        else:
            headers.require_body(body)
        yield Caller(service.ledger.roster.member(headers.by.member), body, service)


async def _verified_once(request: Request) -> SignedHeaders:
    known: SignedHeaders | PadanError | None = request.scope.get(VERIFIED)
    if isinstance(known, PadanError):
        raise known
    if known is not None:
        return known
    # In threads of its own: strangers wait for each other, and not members for them.
    return await to_thread.run_sync(verified, request, limiter=verifying(request))


def turns_of(request: Request) -> Turns:
    turns: Turns = request.app.state.turns
    return turns


def verifying(request: Request) -> CapacityLimiter:
    limiter: CapacityLimiter = request.app.state.verifying
    return limiter


def verified(request: Request) -> SignedHeaders:
    """The signer of the request's headers, its nonce used; raises as `caller`."""
    service, asked = service_of(request), request.scope.get(ASKED)
    message = Message(request.method, str(request.url), dict(request.headers.items()), b"")
    _learn_roster(service, request)
    try:
        headers = verify_headers(message, service.ledger.roster)
    except WrongKey:
        if asked is not None and _is_signed_for(asked, message, service.ledger.roster):
            raise _elsewhere() from None
        raise
    _use_nonce(service, headers.by)
    return headers


def _learn_roster(service: Service, request: Request) -> None:
    """Before a signature is judged: another process may have taken a roster without its key."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    if named := _PROJECT.match(path):
        with suppress(PadanError):  # no such log, or a damaged one: its route says so
            service.ledger.learn_from(named[1])


def _is_signed_for(url: str, message: Message, roster: Roster) -> bool:
    """Whether the signature is valid for the URL as it arrived, and thus not for the public one."""
    with suppress(PadanError):
        verify_headers(replace(message, url=url), roster)
        return True
    return False


def _use_nonce(service: Service, signed: SignedBy) -> None:
    """Use a nonce, which is valid for one request; raises WrongKey for a replay."""
    expires, now = int(signed.expires.timestamp()), service.clock()
    if not service.nonces.use(signed.member, signed.nonce, expires, now):
        raise WrongKey(
            ServiceCode.REQUEST_REPLAYED,
            Words("Permintaan ini sudah pernah diterima.", "This request was received before."),
            unsigned().hint,
        )


def _elsewhere() -> WrongKey:
    return WrongKey(
        ServiceCode.REQUEST_ELSEWHERE,
        Words(
            "Permintaan ditandatangani untuk alamat lain, bukan URL publik layanan ini.",
            "The request was signed for another address than this service's public URL.",
        ),
        Words(
            "Simpan alamat dari undangan: padan-policy join --service URL. Pengelola: periksa"
            " --public-url.",
            "Keep the address of the invite: padan-policy join --service URL. The operator checks"
            " --public-url.",
        ),
    )


def not_yours() -> Refused:
    return Refused(
        ServiceCode.SERVICE_NOT_ENTITLED,
        Words("Piagam tidak memberi Anda akses ini.", "The charter does not entitle you to this."),
        Words("Periksa peran Anda di roster dan piagam.", "Check your role in roster and charter."),
    )


SignedCaller = Depends(caller)
