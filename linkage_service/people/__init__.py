"""People at the coordinator, and auditors: their accounts, their sessions, and who may see what.

staff.py       who is signed in: a `Staff` person with an office, roles and projects
access.py      `signed_in(*roles)`, the dependency of every page; CSRF and origin of every POST
entitled.py    which projects a person may look at, by account and charter
declared.py    who may call a route, read from the route itself
sessions.py    sessions in the database, each known by the hash of its token
accounts.py    local accounts: add, invite, disable, reset
signing_in.py  the one check of name, passphrase and code
passphrases.py, totp.py, waits.py    Argon2id; RFC 6238 and recovery codes; waits after failures
routes.py      the pages to sign in, to set an account up, and to sign out

Agencies' machines do not come here: they sign each request with their roster keys. Nothing here
can sign a statement: approvals stay on the approver's own machine.
"""

from linkage_service.people.access import SignedIn, csrf_token, signed_in
from linkage_service.people.declared import public
from linkage_service.people.routes import pages_of_people
from linkage_service.people.staff import Role, Staff

__all__ = ["Role", "SignedIn", "Staff", "csrf_token", "pages_of_people", "public", "signed_in"]
