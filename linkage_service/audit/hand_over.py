"""What a second operator needs to repeat a project's runs, in one file.

    evidence.zip     roster, log, cosigned checkpoints, opened facts
    keys.json        the bundles' file keys, sealed to a key that this request drew
    chunks/DIGEST    the bundles and deltas as their agencies sealed them
    documents/DIGEST their chunk lists and seals, and the lists of withdrawn rows

The project epoch's own key stays with the service: a file key opens one bundle, but the epoch's
key opens everything that was ever sealed to it. The recipient's key pair is drawn for this
hand-over and destroyed after it. From then on nobody can open the file, not even with all roster
keys (T14). Only an auditor named by the charter receives a hand-over, and never one who belongs
to a data owner: encodings together with an owner's keys reveal every NIK (T6).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from linkage_service.audit.evidence import evidence_zip
from linkage_service.error_codes import ServiceCode
from linkage_service.intake.bundles import Intake
from linkage_service.service import Service
from linkage_service.storage.blobs import Blobs, chunk_name, document_name
from linkage_service.storage.keystore import Keystore
from policy.base.canonical import b64, canonical_json, sha256, unb64
from policy.base.clocks import Clock
from policy.base.errors import NotYet, PadanError, Refused, Unverified
from policy.base.output import Output
from policy.base.words import Words
from policy.crypto.envelope import MAX_ENVELOPE_BYTES, parse_envelope, sign, verify
from policy.crypto.keys import SealKey
from policy.crypto.sealing import open_seal, seal
from policy.evidence import EvidenceBundle, read_bundle
from policy.evidence.archive import MAX_FILE_BYTES
from policy.formats.documents import read_chunk_list
from policy.law.conditions import is_second_operator
from policy.members.home import Unlocked
from policy.project import Project, sealed_of
from policy.statements import HandedOver, SealedRows

REQUEST_TYPE = "padan/rerun-request"
HANDOVER_TYPE = "padan/hand-over"


def request(me: Unlocked, project: Project) -> bytes:
    """A signed request with a fresh public key, whose private half waits in the vault."""
    _require_second_operator(project, me.member.id)
    vault, name = me.vault(project.charter.project), _key_name(project)
    if not vault.has(name):
        vault.put(name, SealKey.generate().secret_bytes())
    binding = project.binding(
        REQUEST_TYPE, sender=me.member.id, recipient=project.roster.service().id
    )
    public = SealKey.from_bytes(vault.get(name)).public_bytes()
    return sign(binding, public, me.under(project.roster).keys.signing).canonical()


def write(service: Service, project_id: str, asked: bytes, out: Output) -> str:
    """Write the requested hand-over; returns the member who may open it."""
    project = service.ledger.project(project_id)
    envelope = parse_envelope(asked)
    recipient = envelope.binding().sender
    _require_second_operator(project, recipient)
    expected = project.binding(REQUEST_TYPE, sender=recipient, recipient=service.me.member.id)
    if envelope.binding() != expected:
        raise _other_request()
    verify(envelope, {recipient: project.roster.member(recipient).signing_public()})

    project = _logged(service, project_id, recipient)
    evidence = evidence_zip(service, project_id)
    sealed = [sealed_of(entry) for entry in project.accepted()]
    keys = {each.seal: b64(service.intake.file_key(project, each)) for each in sealed}
    binding = project.binding(
        HANDOVER_TYPE,
        sender=service.me.member.id,
        recipient=recipient,
        manifest=sha256(evidence),
    )
    signing = service.me.under(project.roster).keys.signing
    closed = seal(canonical_json(keys), envelope.body, binding, signing)
    # Sealed chunks are random bytes: compressing them would find nothing.
    with (
        out.replacing(private=True) as part,
        zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive,
    ):
        archive.writestr("evidence.zip", evidence)
        archive.writestr("keys.json", closed.canonical())
        for member, blob in _blobs(service.blobs, project, sealed):
            archive.writestr(member, service.blobs.get(blob))
    return recipient


def _logged(service: Service, project_id: str, recipient: str) -> Project:
    """The project after its log records what is handed to whom."""
    with service.ledger.appending(project_id) as append:
        bundles = tuple(entry.digest for entry in append.project.accepted())
        said = HandedOver(at=service.clock(), to=recipient, bundles=bundles)
        # Two requests within one second give the same statement, which the log already has.
        if said not in (each.body for each in append.project.of(HandedOver)):
            append.own(said)
    return service.ledger.project(project_id)


@dataclass(frozen=True)
class HandOver:
    """An opened hand-over: the evidence in it, and bundles that can be read."""

    evidence: EvidenceBundle
    archive: zipfile.ZipFile
    evidence_digest: str
    keys: bytes

    @classmethod
    def open(cls, archive: zipfile.ZipFile, folder: Path) -> HandOver:
        """Raises BadInput for a file that is not a hand-over."""
        try:
            # Reading stops one byte above each bound; later readers reject a longer file.
            with archive.open("evidence.zip") as evidence, archive.open("keys.json") as keys:
                found = evidence.read(MAX_FILE_BYTES + 1), keys.read(MAX_ENVELOPE_BYTES + 1)
        except (KeyError, zipfile.BadZipFile):
            raise _altered() from None
        unpacked = folder / "evidence.zip"
        unpacked.write_bytes(found[0])
        return cls(read_bundle(unpacked), archive, sha256(found[0]), found[1])

    def intake(self, me: Unlocked, project: Project, clock: Clock) -> Intake:
        """Reads the bundles of a project whose log was verified; raises WrongKey."""
        binding = project.binding(
            HANDOVER_TYPE,
            sender=project.roster.service().id,
            recipient=me.member.id,
            manifest=self.evidence_digest,
        )
        vault = me.vault(project.charter.project)
        key = SealKey.from_bytes(vault.get(_key_name(project)))
        sender = project.roster.service().signing_public()
        opened = open_seal(parse_envelope(self.keys), key, binding, sender)
        blobs = _Archived(self.archive)
        return _HandedOver(blobs, Keystore(vault), clock, _file_keys(opened))


def _file_keys(opened: bytes) -> dict[str, bytes]:
    """The key of each bundle, by the digest of its seal."""
    try:
        keys = TypeAdapter(dict[str, str]).validate_json(opened)
        return {digest: unb64(text) for digest, text in keys.items()}
    except ValueError:
        raise _altered() from None


def destroy_key(me: Unlocked, project: Project) -> None:
    """Destroy the hand-over's private key; from then on nobody can open the hand-over."""
    me.vault(project.charter.project).destroy(_key_name(project))


@dataclass(frozen=True)
class _HandedOver(Intake):
    """Takes file keys from the hand-over, by the digest of the seal; the sealing key is absent."""

    file_keys: Mapping[str, bytes] = field(repr=False)

    def file_key(self, project: Project, manifest: SealedRows) -> bytes:
        if manifest.seal not in self.file_keys:
            raise _altered()
        return self.file_keys[manifest.seal]


@dataclass(frozen=True)
class _Archived:
    """Blobs of a hand-over. The operator who wrote it knows the keys and could have sealed other
    rows. So each blob must have the digest that the agency's signed manifest leads to."""

    archive: zipfile.ZipFile

    def get(self, name: str) -> bytes:
        _, kind, digest = name.split("/")
        try:
            data = self.archive.read(f"{kind}/{digest}")
        except (KeyError, zipfile.BadZipFile):
            raise _altered() from None
        if sha256(data) != digest:
            raise _altered()
        return data


def _blobs(blobs: Blobs, project: Project, sealed: list[SealedRows]) -> Iterator[tuple[str, str]]:
    """(name in the archive, name of the blob) for every blob that matching reads."""
    project_id = project.charter.project
    documents = [body.handles for body in project.withdrawals()]
    documents += [body.left for body in project.deltas()]
    for each in sealed:
        documents += [each.seal, each.chunk_list]
        for digest in read_chunk_list(blobs.get(document_name(project_id, each.chunk_list))):
            yield f"chunks/{digest}", chunk_name(project_id, digest)
    for digest in dict.fromkeys(documents):
        yield f"documents/{digest}", document_name(project_id, digest)


def _require_second_operator(project: Project, member_id: str) -> None:
    """Raises Refused unless the charter names this auditor and its agency owns no data here."""
    if not is_second_operator(project, project.roster.member(member_id)):
        raise Refused(
            ServiceCode.RERUN_NOT_ENTITLED,
            Words(
                "Hanya auditor yang disebut piagam, dan bukan dari instansi pemilik data, menerima"
                " penyandian.",
                "Only an auditor named in the charter, and not of a data owner's agency,"
                " receives encodings.",
            ),
            Words(
                "Sebut auditor itu di piagam ('auditors'), dari instansi lain.",
                "Name that auditor in the charter ('auditors'), from another agency.",
            ),
        )


def _key_name(project: Project) -> str:
    return f"rerun.{project.charter.epoch}"


def _other_request() -> PadanError:
    return NotYet(
        ServiceCode.RERUN_REQUEST,
        Words(
            "Permintaan ini untuk proyek, periode kunci, atau layanan lain.",
            "This request is for another project, epoch or service.",
        ),
        Words(
            "Minta 'padan-linkage rerun-request' dijalankan lagi.",
            "Have 'padan-linkage rerun-request' run again.",
        ),
    )


def _altered() -> PadanError:
    return Unverified(
        ServiceCode.RERUN_ALTERED,
        Words(
            "Serahan ini tidak lengkap, atau bukan bundel yang ditandatangani para pihak.",
            "This hand-over is incomplete, or holds other bundles than the parties signed.",
        ),
        Words(
            "Simpan berkasnya sebagai bukti dan minta serahan baru.",
            "Keep the file as evidence and ask for another hand-over.",
        ),
    )
