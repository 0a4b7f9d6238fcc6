"""The catalogue entry of a linkage: DCAT as JSON-LD, and the same for people.

Only the entry is published. Person-level data have no distribution: no address serves them, and
access is restricted.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from policy.base.dates import at_second
from policy.base.words import Words
from policy.charter import Charter
from policy.papers import agreed
from policy.papers.paper import (
    BY_HAND,
    NOT_GIVEN,
    Datum,
    Fact,
    Facts,
    Items,
    Missing,
    Paper,
    PaperSection,
)
from policy.papers.reading import Reading
from policy.project import Project
from policy.statements import RunFinished

_RESTRICTED = "http://publications.europa.eu/resource/authority/access-right/RESTRICTED"
_IRREGULAR = "http://publications.europa.eu/resource/authority/frequency/IRREG"
_LANGUAGES = "http://publications.europa.eu/resource/authority/language/"
_THEME = "http://publications.europa.eu/resource/authority/data-theme/SOCI"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_NO_WALIDATA = Missing(
    Words("piagam tidak menyebut walidata", "the charter names no data custodian (walidata)")
)
DESCRIPTION = Words(
    "Register padanan antarinstansi: ID padanan acak per rilis, tanpa nama, NIK, alamat, atau isian"
    " daftar. Catatan perorangan tidak diterbitkan; akses hanya bagi pihak piagam.",
    "Register of matches between agencies: random match IDs per release, without names, NIKs,"
    " addresses or list contents. Person-level records are not published; access is for the"
    " charter's parties alone.",
)
ACCESS = Words(
    "terbatas; tidak ada distribusi untuk data perorangan",
    "restricted; no distribution of person-level data",
)


def dcat(reading: Reading) -> dict[str, Any]:
    """The entry as a self-contained DCAT dataset in JSON-LD."""
    project = reading.project
    charter = project.charter
    provenance = provenance_of(project)
    entry: dict[str, Any] = {
        "@context": dict(CONTEXT),
        "@id": f"urn:padan:{charter.project}:{charter.epoch}",
        "@type": "dcat:Dataset",
        "dct:identifier": f"{charter.project}/{charter.epoch}",
        "dct:title": _texts(charter.title.words()),
        "dct:description": _texts(DESCRIPTION),
        "dct:creator": [_agency(project, member) for member in charter.party_ids],
        "dcat:contactPoint": [_contact(project, p.member, p.contact) for p in charter.parties],
        "dct:language": [{"@id": _LANGUAGES + code} for code in ("IND", "ENG")],
        "dct:issued": _day(charter.valid_from),
        "dct:accrualPeriodicity": {"@id": _IRREGULAR},
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _day(charter.valid_from),
            "dcat:endDate": _day(charter.valid_until),
        },
        "dct:accessRights": {
            "@id": _RESTRICTED,
            "@type": "dct:RightsStatement",
            "rdfs:label": _texts(ACCESS),
        },
        "dct:rights": {
            "@type": "dct:RightsStatement",
            "rdfs:label": [c.text for c in charter.lawful_basis.citations],
        },
        "dct:provenance": {"@type": "dct:ProvenanceStatement", "rdfs:label": _texts(provenance)},
        "dct:conformsTo": {
            "@type": "dct:Standard",
            "dct:title": "MS-Keg, MS-Var (Peraturan BPS 5/2020)",
        },
        "dcat:theme": {"@id": _THEME},
        "dcat:keyword": _texts(Words(*(2 * (charter.purpose.code,)))),
    }
    runs = project.of(RunFinished)
    if runs:
        entry["dct:modified"] = _moment(at_second(runs[-1].body.at))
    publishers = agreed.publishers(project)
    if publishers:
        entry["dct:publisher"] = _agency(project, publishers[0])
    if charter.region:
        entry["dct:spatial"] = _place(charter)
    return entry


def catalogue(reading: Reading, now: datetime) -> Paper:
    """The content of `dcat` for people, with what is missing before it can be published."""
    return Paper(
        kind="catalogue",
        title=Words("Entri Katalog Satu Data", "Satu Data Catalogue Entry"),
        law="Perpres 39/2019; DCAT (W3C)",
        origin=reading.origin(now),
        sections=(_entry(reading.project), _published()),
    )


def _entry(project: Project) -> PaperSection:
    charter, publishers = project.charter, agreed.publishers(project)
    return PaperSection(
        "entry",
        Words("Entri", "Entry"),
        (
            Facts(
                (
                    Fact("title", Words("Judul", "Title"), charter.title.words()),
                    Fact("description", Words("Uraian", "Description"), DESCRIPTION),
                    Fact(
                        "publisher",
                        Words("Penerbit (walidata)", "Publisher (walidata)"),
                        agreed.name_of(project, publishers[0]) if publishers else _NO_WALIDATA,
                        Words(
                            "walidata mana yang menerbitkan, satu untuk setiap instansi",
                            "which walidata publishes, one for each agency",
                        ),
                    ),
                    Fact(
                        "contacts",
                        Words("Narahubung", "Contacts"),
                        tuple(Words(*(2 * (f"{p.member}: {p.contact}",))) for p in charter.parties),
                    ),
                    Fact(
                        "temporal",
                        Words("Cakupan waktu", "Temporal coverage"),
                        agreed.span(charter.valid_from, charter.valid_until),
                    ),
                    Fact(
                        "spatial",
                        Words("Cakupan wilayah", "Spatial coverage"),
                        _region(charter),
                    ),
                    Fact("access", Words("Hak akses", "Access rights"), ACCESS),
                    Fact(
                        "rights",
                        Words("Dasar hukum", "Legal basis"),
                        tuple(Words(c.text, c.text) for c in charter.lawful_basis.citations),
                        agreed.CHECK_OFFICIAL_TEXT,
                    ),
                    Fact(
                        "provenance",
                        Words("Asal-usul", "Provenance"),
                        provenance_of(project),
                    ),
                    Fact(
                        "frequency",
                        Words("Frekuensi", "Frequency"),
                        Words("tidak teratur, setiap ada rilis", "irregular, by release"),
                    ),
                )
            ),
            agreed.walidata(project),
        ),
        duties=(21, 22, 28),
    )


def _published() -> PaperSection:
    return PaperSection(
        "published",
        Words("Yang boleh diumumkan", "What may be published"),
        (
            Items(
                "published",
                (
                    Words(
                        "entri ini dan metadata kegiatan serta variabelnya",
                        "this entry, and the metadata of the activity and its variables",
                    ),
                    Words(
                        "tidak: berkas rilis, sandi, jumlah padanan per sel",
                        "not: release files, encodings, counts of matches by cell",
                    ),
                ),
            ),
            Facts(
                (
                    Fact(
                        "portal",
                        Words("Portal dan identitas entri", "Portal and entry identifier"),
                        BY_HAND,
                    ),
                )
            ),
        ),
        duties=(17,),
    )


def provenance_of(project: Project) -> Words:
    """The method, the digests behind it, and the number of runs."""
    charter = project.charter
    runs = len(project.of(RunFinished))
    terms, profile = charter.terms_digest(), charter.encoding.profile
    return Words(
        f"Pemadanan tersandi; profil {profile}; sidik ketentuan penyandian {terms}; sidik piagam"
        f" {project.charter_digest}; {runs} pemadanan tercatat.",
        f"Encoded record linkage; profile {profile}; digest of encoding terms {terms}; digest of"
        f" charter {project.charter_digest}; {runs} runs in the log.",
    )


def _region(charter: Charter) -> Datum:
    return agreed.region(charter) if charter.region else NOT_GIVEN


def _texts(words: Words) -> list[dict[str, str]]:
    return [
        {"@language": "id", "@value": words.id},
        {"@language": "en", "@value": words.en},
    ]


def _day(day: date) -> dict[str, str]:
    return {"@type": "xsd:date", "@value": day.isoformat()}


def _moment(moment: datetime) -> dict[str, str]:
    return {"@type": "xsd:dateTime", "@value": moment.isoformat(timespec="seconds")}


def _agency(project: Project, member: str) -> dict[str, Any]:
    found = project.known(member)
    return {
        "@id": f"urn:padan:{project.charter.project}:member:{member}",
        "@type": "foaf:Agent",
        "foaf:name": found.name,
    }


def _contact(project: Project, member: str, contact: str) -> dict[str, Any]:
    card: dict[str, Any] = {
        "@type": "vcard:Organization",
        "vcard:fn": project.known(member).name,
    }
    if "@" in contact and not any(c.isspace() or c in '<>"' for c in contact):
        return card | {"vcard:hasEmail": {"@id": f"mailto:{contact}"}}
    return card | {"vcard:note": contact}


def _place(charter: Charter) -> dict[str, Any]:
    """A region code with its book: the other book uses the same digits for another place."""
    assert charter.region is not None
    r = charter.region
    return {
        "@type": "dct:Location",
        "@id": f"urn:padan:region:{r.codebook}:{r.vintage}:{r.code}",
        "dct:identifier": r.code,
        "skos:inScheme": {"@id": f"urn:padan:region:{r.codebook}:{r.vintage}"},
    }
