"""An agency destroys its own data and keys, and attests the destruction.

    prepared-rows    fields and digests of the frozen rows, and the sealed bundles; the map stays,
                     with a MAC of each digest under the handle key, which `list` uses to find a row
    keys             the share, the project keys, the handle key
    handle-map       the stores that say which record a handle means, and withdrawn handles
    opened-releases  the match IDs and row secrets in the vault, and attributes sealed under them
    lists            the lists written from them (`encoder.steps.written_lists`), and the answers of
                     field reviews in the vault
    attributes       other agencies' data under its match IDs, in the vault

The law is checked first, then the thing is destroyed, then the attestation is signed. After an
interruption the command is repeated: it finds nothing left and attests.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable

from encoder.error_codes import EncoderCode
from encoder.steps.workspace import (
    ATTRIBUTES,
    LOCAL_KEY,
    PROJECT_KEYS,
    RELEASES,
    REVIEWS,
    SHARED,
    Workspace,
    is_seals,
    is_share,
)
from encoder.steps.written_lists import destroy_unchanged, forget_gone, written
from encoder.store.prepared import PreparedDataset
from policy.base.errors import Refused
from policy.base.files import shred_file
from policy.base.words import Words
from policy.crypto.envelope import Envelope
from policy.gates.rules.case import day_of
from policy.retention import Item, require_destroyable, schedule
from policy.statements import Destroyed, PartyThing, Thing


def own_items(workspace: Workspace, at: int) -> list[Item]:
    """The items that this agency keeps, according to the log."""
    session = workspace.session
    mine = session.me.member.id
    return [item for item in schedule(session.project, day_of(at)) if item.owner == mine]


def require_all_destroyable(
    workspace: Workspace, things: Iterable[Thing], at: int, *, with_lists: bool
) -> None:
    """Raises before any change: for a hold, an earlier attestation, or lists that stay."""
    project, me = workspace.session.project, workspace.session.me.member.id
    for what in things:
        require_destroyable(project, me, what, at)
        if what == "handle-map":
            _require_rows_free(workspace, at)
        if what == "lists":
            _require_no_list_left(workspace, with_lists=with_lists)


def destroy(workspace: Workspace, what: Thing, at: int, *, with_lists: bool) -> Envelope:
    """Destroy one thing; returns the signed attestation."""
    require_all_destroyable(workspace, (what,), at, with_lists=with_lists)
    session = workspace.session
    item = require_destroyable(session.project, session.me.member.id, what, at)
    early = day_of(at) < item.due
    count = _DESTROY[what](workspace)
    return session.statement(
        Destroyed(at=at, what=what, due=item.due, early=early, objects=item.objects, count=count)
    )


def _prepared_rows(workspace: Workspace) -> int:
    stores = sorted((workspace.folder / "prepared").glob("*.sqlite"))
    seal = workspace.seal()
    for path in stores:
        PreparedDataset(path).forget_fields(seal)
    bundles = [path for path in (workspace.folder / "bundles").glob("*") if path.is_dir()]
    for path in bundles:
        shutil.rmtree(path)
    return len(stores) + len(bundles)


def _keys(workspace: Workspace) -> int:
    return _secrets(workspace, _is_key)


def _is_key(name: str) -> bool:
    return name in (LOCAL_KEY, PROJECT_KEYS) or is_share(name) or is_seals(name)


def _handle_map(workspace: Workspace) -> int:
    folders = [workspace.folder / "prepared", workspace.folder / "withdrawn"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    count = sum(shred_file(path) for path in files)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)  # left by an interrupted 'prepare'
    return count


def _opened_releases(workspace: Workspace) -> int:
    sealed = sum(map(shred_file, (workspace.folder / SHARED).glob("*")))
    return sealed + _secrets(workspace, lambda name: name.startswith(RELEASES))


def _attributes(workspace: Workspace) -> int:
    return _secrets(workspace, lambda name: name.startswith(ATTRIBUTES))


def _lists(workspace: Workspace) -> int:
    count = destroy_unchanged(workspace.folder)
    forget_gone(workspace.folder)
    return count + _secrets(workspace, lambda name: name.startswith(REVIEWS))


def _secrets(workspace: Workspace, chosen: Callable[[str], bool]) -> int:
    names = [name for name in workspace.vault.names() if chosen(name)]
    for name in names:
        workspace.vault.destroy(name)
    return len(names)


_DESTROY: dict[Thing, Callable[[Workspace], int]] = {
    "prepared-rows": _prepared_rows,
    "keys": _keys,
    "handle-map": _handle_map,
    "opened-releases": _opened_releases,
    "lists": _lists,
    "attributes": _attributes,
}


def _require_rows_free(workspace: Workspace, at: int) -> None:
    """Check holds on the rows too: the stores with the map also contain the rows."""
    rows: PartyThing = "prepared-rows"
    item = next(each for each in own_items(workspace, at) if each.what == rows)
    if item.state == "held":
        require_destroyable(workspace.session.project, item.owner, rows, at)


def _require_no_list_left(workspace: Workspace, *, with_lists: bool) -> None:
    """Check that no list is left before attesting that the lists are destroyed."""
    standing = {each.path: each.standing() for each in written(workspace.folder)}
    changed = [path for path, state in standing.items() if state == "changed"]
    if changed:
        names = ", ".join(changed)
        raise Refused(
            EncoderCode.DESTROY_LIST_CHANGED,
            Words(
                f"Daftar ini berubah sejak ditulis, jadi tidak dihapus oleh Padan: {names}.",
                f"These lists have changed since, so that Padan does not delete them: {names}.",
            ),
            Words(
                "Hapus sendiri berkas itu dan salinannya, lalu ulangi.",
                "Delete these files and their copies yourself, then try again.",
            ),
        )
    left = [path for path, state in standing.items() if state in ("unchanged", "unfinished")]
    if left and not with_lists:
        names = ", ".join(left)
        raise Refused(
            EncoderCode.DESTROY_LISTS_LEFT,
            Words(f"Daftar ini masih ada: {names}.", f"These lists are still there: {names}."),
            Words(
                "Ulangi dengan --lists untuk menghapusnya, atau hapus sendiri lebih dahulu.",
                "Give --lists to have them deleted, or delete them yourself first.",
            ),
        )
