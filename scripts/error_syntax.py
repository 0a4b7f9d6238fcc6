"""What the syntax of a function says of the words in it: its parameters, names and return."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from policy.base.errors import PadanError

Function = ast.FunctionDef | ast.AsyncFunctionDef


def given(function: Function, call: ast.Call) -> dict[str, ast.expr]:
    """The arguments of a call by the function's names of them."""
    names = [each.arg for each in function.args.args if each.arg not in ("self", "cls")]
    given = dict(zip(names, call.args, strict=False))
    return given | {each.arg: each.value for each in call.keywords if each.arg}


def handed(said: Sequence[ast.expr], function: Function) -> set[str]:
    """The parameters that decide what is said: those of words or codes, or used as they are."""
    texts = {
        each.arg
        for each in function.args.args
        if each.annotation is not None
        and any(word in ast.unparse(each.annotation) for word in ("Words", "Code"))
    }
    used = {node.id for each in said for node in ast.walk(each) if isinstance(node, ast.Name)}
    whole = {
        name.id
        for each in said
        for name in (*getattr(each, "args", ()), each)
        if isinstance(name, ast.Name)
    }
    return (used & texts) | (whole & {each.arg for each in function.args.args})


@cache
def says_something(function: Function) -> bool:
    """Whether it returns a code, words or an error."""
    returns = ast.unparse(function.returns) if function.returns else ""
    return returns.endswith("Code") or returns in {
        "Words",
        *(each.__name__ for each in _below(PadanError)),
    }


def _below(error: type[PadanError]) -> Iterator[type[PadanError]]:
    for each in error.__subclasses__():
        yield each
        yield from _below(each)


def is_of_the_class_above(called: ast.expr) -> bool:
    """Whether this is `super().__init__`."""
    match called:
        case ast.Attribute(ast.Call(ast.Name("super"), [], []), "__init__"):
            return True
    return False


@cache
def bound_names(function: Function) -> set[str]:
    """The names that a function assigns, catches or is given."""
    stored = {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    arguments = function.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    caught = {
        node.name
        for node in ast.walk(function)
        if isinstance(node, ast.ExceptHandler) and node.name
    }
    return stored | caught | {each.arg for each in every}


def imported_inside(function: Function, name: str) -> Any:
    module = _imports(function).get(name)
    return None if module is None else getattr(importlib.import_module(module), name, None)


@cache
def _imports(function: Function) -> dict[str, str]:
    """Where the names come from that a function itself imports."""
    return {
        each.name: node.module or ""
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom)
        for each in node.names
    }
