"""The charter: the parties' agreement, as data that decides.

    1. A charter is canonical JSON; people write it as YAML in two languages.
    2. It is in force if every party signed the same bytes and today lies
       within its validity and within that of its lawful basis and DPIA.
    3. Its encoding terms (purpose, parties, fields, schema, rules, profile) are
       bound into every key, so a change to them starts a new epoch.

policy/templates/charter.yaml names the regulation behind each field.
"""

from policy.charter.agreement import (
    FIRST_LAW,
    LATEST_LAW,
    LAWS,
    Charter,
    LawId,
    unknown_in_charter,
)
from policy.charter.attributes import SharedAttributes, SharedColumn
from policy.charter.basis import (
    Agreement,
    Citation,
    Dpia,
    DpiaScope,
    Dukcapil,
    Exemption,
    Ground,
    Purpose,
    Trigger,
)
from policy.charter.data import BOOK_YEARS, Dataset, FieldKind, LinkageField, Region, Residence
from policy.charter.encoding import (
    COMPOUND,
    COMPOUND_2,
    COMPOUNDS,
    NAME_SHAPE,
    CanariesAlike,
    CanariesLikeTheList,
    Column,
    ContraryRule,
    Encoding,
    EncodingTerms,
    Profile,
)
from policy.charter.load import load_charter, parse_charter
from policy.charter.parties import LinkageUnit, Party, SubProcessor, Walidata
from policy.charter.release import Domain, Retention
from policy.charter.words import Bilingual

__all__ = [
    "BOOK_YEARS",
    "COMPOUND",
    "COMPOUNDS",
    "COMPOUND_2",
    "FIRST_LAW",
    "LATEST_LAW",
    "LAWS",
    "NAME_SHAPE",
    "Agreement",
    "Bilingual",
    "CanariesAlike",
    "CanariesLikeTheList",
    "Charter",
    "Citation",
    "Column",
    "ContraryRule",
    "Dataset",
    "Domain",
    "Dpia",
    "DpiaScope",
    "Dukcapil",
    "Encoding",
    "EncodingTerms",
    "Exemption",
    "FieldKind",
    "Ground",
    "LawId",
    "LinkageField",
    "LinkageUnit",
    "Party",
    "Profile",
    "Purpose",
    "Region",
    "Residence",
    "Retention",
    "SharedAttributes",
    "SharedColumn",
    "SubProcessor",
    "Trigger",
    "Walidata",
    "load_charter",
    "parse_charter",
    "unknown_in_charter",
]
