"""A programme from YAML: safe, bounded, and with errors that name file, line and part.

A file is refused if it repeats a key (YAML would keep the last one in silence) or uses anchors (a
few lines of them can stand for any number of conditions).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from encoder.error_codes import EncoderCode
from encoder.released.programmes.rules import Comparison, Programme
from policy.base.errors import BadInput
from policy.base.files import read_file
from policy.base.words import Words

_MOST_BYTES = 256 * 1024
_MOST_DEPTH = 40
Path_ = tuple[str | int, ...]


def load_programme(path: Path) -> Programme:
    """The programme in a file; raises BadInput that names file, line and part."""
    return parse_programme(read_file(path, limit=_MOST_BYTES), str(path))


def parse_programme(data: bytes, name: str) -> Programme:
    """The programme in these bytes; errors call it `name`."""
    root = _composed(data, name)
    _require_plain(root, name)
    try:
        # The tree is plain and bounded, so that building it from YAML again is safe.
        tree = yaml.safe_load(data.decode("utf-8"))
    except (yaml.YAMLError, ValueError):
        raise _bad(name, 1, Words("YAML", "YAML")) from None
    try:
        programme = Programme.model_validate(tree, strict=False)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        line, part = _place(root, _without_tags(first["loc"]))
        raise _bad(name, line, _said(part, first["type"])) from None
    _require_declared(programme, root, name)
    return programme


def _composed(data: bytes, name: str) -> yaml.Node:
    try:
        text = data.decode("utf-8")
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent):
                raise _bad(name, line, Words("jangkar YAML (* dan &)", "YAML anchors (* and &)"))
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            # Asked while it is read: the time for each level grows with the levels around it.
            if depth > _MOST_DEPTH:
                raise _bad(name, line, Words("terlalu bertingkat", "too many levels"))
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _bad(name, line, Words("bentuk YAML", "the form of the YAML")) from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        raise _bad(name, 1, Words("YAML UTF-8", "UTF-8 YAML")) from None
    if root is None:
        raise _bad(name, 1, Words("berkas kosong", "an empty file"))
    return root


def _require_plain(root: yaml.Node, name: str) -> None:
    """Checks that no key is repeated."""
    for node in _nodes(root):
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, _ in node.value:
                if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                    said = Words("kunci yang berulang atau bukan kata", "a repeated or odd key")
                    raise _bad(name, key.start_mark.line + 1, said)
                seen.add(key.value)


def _nodes(node: yaml.Node) -> Iterator[yaml.Node]:
    yield node
    inner: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        inner = [value for _, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        inner = node.value
    for each in inner:
        yield from _nodes(each)


def _require_declared(programme: Programme, root: yaml.Node, name: str) -> None:
    """Checks that every column that a rule names is declared."""
    for place, key in _named_columns(programme):
        if key not in programme.columns:
            line, part = _place(root, place)
            raise _bad(
                name,
                line,
                Words(
                    f"{part}: kolom '{key}' tidak ada di 'columns'",
                    f"{part}: the column '{key}' is not among 'columns'",
                ),
            )
    for place, leaf in _compared(programme):
        if leaf.age is not None and programme.columns[leaf.column].values:
            line, part = _place(root, place)
            said = Words(f"{part}: usia dari kolom ber-'values'", f"{part}: age of listed 'values'")
            raise _bad(name, line, said)


def _named_columns(programme: Programme) -> Iterator[tuple[Path_, str]]:
    if programme.present is not None:
        yield ("present",), programme.present
    for place, leaf in _compared(programme):
        yield (*place, "column"), leaf.column
    for at, each in enumerate(programme.order):
        column = getattr(each, "column", None)
        if column is not None:
            yield ("order", at, "column"), column


def _compared(programme: Programme) -> Iterator[tuple[Path_, Comparison]]:
    roots: list[tuple[Path_, Any]] = [
        (("conditions", at), each) for at, each in enumerate(programme.conditions)
    ]
    roots += [
        (("order", at, "when"), each.when)
        for at, each in enumerate(programme.order)
        if hasattr(each, "when")
    ]
    while roots:
        place, condition = roots.pop(0)
        if isinstance(condition, Comparison):
            yield place, condition
        for group in ("all", "any"):
            parts = getattr(condition, group, ())
            roots += [((*place, group, at), each) for at, each in enumerate(parts)]
        if hasattr(condition, "not_"):
            roots.append(((*place, "not"), condition.not_))


def _without_tags(where: Path_) -> Path_:
    """Pydantic names the kind of each condition and priority after its place; files do not."""
    kept: list[str | int] = []
    is_tag = False
    for step in where:
        if is_tag:
            is_tag = False
            continue
        before = kept[-1] if kept else ""
        is_tag = step in ("not", "when") or (
            isinstance(step, int) and before in ("conditions", "all", "any", "order")
        )
        kept.append(step)
    return tuple(kept)


def _place(root: yaml.Node, where: Path_) -> tuple[int, str]:
    """The line of the deepest part that exists, and its name, such as `conditions.2.any.1`."""
    node, said = root, []
    line = root.start_mark.line + 1
    for step in where:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == step:
                    node, line = value, key.start_mark.line + 1
                    said.append(str(step))
                    break
            else:
                said.append(str(step))  # a missing key
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
            said.append(str(step + 1))
    return line, ".".join(said) or "YAML"


def _said(part: str, kind: str) -> Words:
    if kind == "missing":
        return Words(f"{part}: wajib diisi", f"{part}: required")
    if kind == "extra_forbidden":
        return Words(f"{part}: kunci tidak dikenal", f"{part}: not a known key")
    if kind.startswith("union_tag"):
        return Words(
            f"{part}: bukan syarat; isi 'column', 'confirmed_by', 'all', 'any', atau 'not'",
            f"{part}: not a condition; give 'column', 'confirmed_by', 'all', 'any' or 'not'",
        )
    if kind == "value_error":
        return Words(
            f"{part}: perlu tepat satu perbandingan yang sah",
            f"{part}: needs exactly one valid test",
        )
    return Words(f"{part}: isinya tidak sah di sini", f"{part}: its content is not valid here")


def _bad(name: str, line: int, what: Words) -> BadInput:
    return BadInput(
        EncoderCode.PROGRAMME_RULES,
        Words(f"{name}, baris {line}: {what.id}.", f"{name}, line {line}: {what.en}."),
        Words(
            "Bandingkan dengan contoh dari 'padan-encoder programme list'; bentuknya ada di"
            " docs/how-to/make-programme-lists.md.",
            "Compare it with the examples of 'padan-encoder programme list'; its parts are in"
            " docs/how-to/make-programme-lists.md.",
        ),
    )
