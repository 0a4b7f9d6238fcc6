"""A charter from a file: YAML that people write, or canonical JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, PadanError
from policy.base.files import read_file
from policy.base.words import Words
from policy.charter.agreement import Charter
from policy.charter.misfits import misfits

# The largest charters have a few thousand nodes; nested aliases could make any number.
_MOST_PARTS = 1_000_000


def load_charter(path: Path) -> Charter:
    """A charter from YAML or canonical JSON; raises BadInput that names the field.

    In YAML, `encodings: {file: NAME}` and `linkage_schema: {file: NAME}` are replaced by the
    content of that file in the same folder.
    """
    try:
        tree = _with_schemas(_yaml(read_file(path)), path.parent, _read_schema)
        data = json.dumps(tree, default=str).encode()
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        # Not UTF-8, not YAML, keys that JSON lacks, a node inside itself, or too many levels.
        raise BadInput(
            PolicyCode.CHARTER_SYNTAX,
            Words(f"{path} bukan YAML UTF-8 yang sah.", f"{path} is not valid UTF-8 YAML."),
            Words("Periksa indentasi dan tanda petik.", "Check indentation and quotes."),
        ) from None
    return parse_charter(data, path)


def files_of_charter(path: Path) -> tuple[Path, ...]:
    """The files that a YAML charter names; empty if it cannot be read."""
    found: list[Path] = []

    def read(file: Path) -> Any:
        found.append(file)
        return _read_schema(file)

    with suppress(PadanError, yaml.YAMLError, ValueError, TypeError, RecursionError):
        _with_schemas(_yaml(read_file(path)), path.parent, read)
    return tuple(found)


def parse_charter(data: bytes, source: Path | str = "charter") -> Charter:
    """A charter from JSON; raises BadInput that names fields and rules, never values."""
    try:
        return Charter.model_validate_json(data)
    except ValidationError as error:
        told = misfits(error)
        raise BadInput(
            PolicyCode.CHARTER_FIELD,
            Words(f"{source}: {told.id}.", f"{source}: {told.en}."),
            Words(
                "Bandingkan dengan 'padan-policy charter new' dan 'padan-policy charter schema'.",
                "Compare with 'padan-policy charter new' and 'padan-policy charter schema'.",
            ),
        ) from None


class _OneValueAKey(yaml.SafeLoader):
    """YAML in which a duplicate key is an error, since nobody knows which value was signed."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len({repr(key) for key in keys}) != len(keys):
            raise yaml.constructor.ConstructorError(None, None, "a key occurs twice")
        return super().construct_mapping(node, deep)


def _yaml(data: bytes) -> Any:
    """The parsed text; YAMLError if aliases make it huge, RecursionError if it is too deep."""
    loader = _OneValueAKey(data.decode("utf-8"))
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        if _size(node, {}) > _MOST_PARTS:
            raise yaml.YAMLError("aliases of aliases")
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _size(node: yaml.Node, known: dict[int, int]) -> int:
    """The number of nodes with each alias expanded; raises RecursionError for loops."""
    size = known.get(id(node))
    if size is None:
        parts: list[yaml.Node] = []
        if isinstance(node, yaml.SequenceNode):
            parts = node.value
        elif isinstance(node, yaml.MappingNode):
            parts = [part for pair in node.value for part in pair]
        size = known[id(node)] = 1 + sum(_size(part, known) for part in parts)
    return size


def _with_schemas(tree: Any, folder: Path, read: Callable[[Path], Any]) -> Any:
    terms = tree.get("encoding") if isinstance(tree, dict) else None
    if not isinstance(terms, dict):
        return tree
    encodings = terms.get("encodings")
    if isinstance(encodings, dict) and set(encodings) == {"file"}:
        encodings = terms["encodings"] = read(folder / str(encodings["file"]))
    for encoding in encodings if isinstance(encodings, list) else []:
        schema = encoding.get("linkage_schema") if isinstance(encoding, dict) else None
        if isinstance(schema, dict) and set(schema) == {"file"}:
            encoding["linkage_schema"] = read(folder / str(schema["file"]))
    return tree


def _read_schema(path: Path) -> Any:
    """A linkage schema, or a list of encodings; JSON is YAML."""
    try:
        return _yaml(read_file(path))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        raise BadInput(
            PolicyCode.SCHEMA_SYNTAX,
            Words(f"{path} bukan JSON atau YAML yang sah.", f"{path} is not valid JSON or YAML."),
            Words("Perbaiki berkas skema itu.", "Correct the schema file."),
        ) from None
