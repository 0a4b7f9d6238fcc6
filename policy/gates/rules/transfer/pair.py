"""The domain joins one dataset of the sender with one of the recipient, which learns membership.

A recipient can open attributes of its matched rows only, so it learns which of its rows matched
this sender. In a domain of two datasets its released file already says so. In a larger domain it
would learn more than the cells of the release counted; with a private index it would learn what
the charter keeps from it.
"""

from policy.base.words import Words
from policy.gates.rules.case import TransferCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: TransferCase) -> Answer:
    charter = case.run.charter
    domain = next((each for each in charter.domains if each.id == case.domain), None)
    if domain is None or case.dataset not in domain.datasets or len(domain.datasets) != 2:
        return fails(
            f"Domain {case.domain} tidak hanya memasangkan {case.dataset} dengan satu sumber data.",
            f"The domain {case.domain} does not join {case.dataset} with one dataset alone.",
        )
    other = next(each for each in domain.datasets if each != case.dataset)
    owner = charter.dataset(other).owner
    if owner != case.recipient or other not in domain.learn:
        return fails(
            f"{case.recipient} tidak mengetahui baris yang padan pada domain {case.domain}.",
            f"{case.recipient} does not learn membership in the domain {case.domain}.",
        )
    return holds(
        f"{case.recipient} sudah mengetahui baris {other} yang padan.",
        f"{case.recipient} already knows which rows of {other} matched.",
    )


RULE = Rule(
    id="transfer.pair",
    title=Words(
        "Atribut tidak membuka kepesertaan lain", "Attributes reveal no further membership"
    ),
    citation="UU 27/2022 Ps. 16(2), 35",
    remedy=Words(
        "Minta atribut pada domain yang hanya berisi sumber data pengirim dan penerima.",
        "Ask for attributes in a domain of the sender's and the recipient's datasets alone.",
    ),
    settled_by=SettledBy.TRANSFER,
    judge=judge,
)
