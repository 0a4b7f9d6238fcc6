"""The rights of data subjects that a request can name, by the charter's lawful basis.

1. Only consent can be withdrawn (UU PDP art. 9), and processing then stops (art. 40). Under any
   other basis there is no consent to withdraw, and an objection is one under art. 10.
2. A person who asks for restriction (art. 11) gets it within 3 x 24 hours (art. 41(1)), except in
   the cases of art. 41(2), and is informed once it is done (art. 41(3)).
3. Art. 15(1) allows exceptions to art. 8, 9, 10(1), 11 and 13(1) and (2); the charter names them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from policy.base.words import Words
from policy.charter import Charter, Exemption, Ground

Right = Literal["access", "correct", "restrict", "object", "withdraw"]

_ARTICLE: Mapping[Right, tuple[int, int | None]] = {
    # The subject's right, and the controller's duty.
    "access": (7, 32),
    "correct": (6, 30),
    "restrict": (11, 41),
    "object": (10, None),
    "withdraw": (9, 40),
}
_NAMES: Mapping[Right, Words] = {
    "access": Words("akses", "access"),
    "correct": Words("perbaikan", "correction"),
    "restrict": Words("penundaan atau pembatasan", "suspension or restriction"),
    "object": Words("keberatan", "objection"),
    "withdraw": Words("penarikan persetujuan", "withdrawal of consent"),
}
# For texts that apply to charters of every basis.
LEAVING = Words(
    "UU PDP Ps. 10 atau 41; Ps. 40 bila dasarnya persetujuan",
    "UU PDP art. 10 or 41; art. 40 if the basis is consent",
)
NOT_RESTRICTED = Words(
    "Penundaan atau pembatasan dikecualikan bila peraturan perundang-undangan menentukan lain, bila"
    " dapat membahayakan keselamatan pihak lain, atau bila perjanjian tertulis dengan subjek tidak"
    " memungkinkannya (UU PDP Ps. 41(2)).",
    "Suspension or restriction is excepted where regulations provide otherwise, where it could"
    " endanger the safety of others, or where a written agreement with the subject does not"
    " permit it (UU PDP art. 41(2)).",
)
TELL_IT_IS_DONE = Words(
    "Beri tahu pemohon bahwa pemrosesan telah ditunda atau dibatasi (UU PDP Ps. 41(3)).",
    "Tell the person that processing has been suspended or restricted (UU PDP art. 41(3)).",
)


def name_of_right(right: Right) -> Words:
    """A right's name with its articles."""
    articles = ", ".join(str(each) for each in _ARTICLE[right] if each is not None)
    name = _NAMES[right]
    return Words(f"{name.id} (UU PDP Ps. {articles})", f"{name.en} (UU PDP art. {articles})")


def rights_under(ground: Ground) -> tuple[Right, ...]:
    """The rights that can be asked for under this basis."""
    return tuple(right for right in _ARTICLE if right != "withdraw" or ground == "consent")


def articles_of_requests(ground: Ground) -> str:
    """The articles of all these rights, as the head of a paper cites them."""
    named = {
        duty or own for right, (own, duty) in _ARTICLE.items() if right in rights_under(ground)
    }
    return f"UU 27/2022 Ps. {', '.join(map(str, sorted(named)))}"


def excepting(charter: Charter, right: Right) -> tuple[Exemption, ...]:
    """The charter's exceptions to this right, by the number of its article."""
    own = _ARTICLE[right][0]
    return tuple(each for each in charter.exemptions if own in _articles(each.article))


def _articles(text: str) -> set[int]:
    """Article numbers, without paragraph numbers in parentheses."""
    return {int(number) for number in re.findall(r"\d+", re.sub(r"\([^)]*\)", " ", text))}
