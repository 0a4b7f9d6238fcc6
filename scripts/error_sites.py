"""Where the code raises an error: its code, class, problem and hint, read from the source.

A site is a call of an error class. Where a function is handed the code or the words of its error,
the site counts once for every call of that function. What is known only when the program runs
shows as `…`.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from error_syntax import (
    Function,
    bound_names,
    given,
    handed,
    imported_inside,
    is_of_the_class_above,
    says_something,
)
from error_texts import MOST, joined, paired, text, words

from policy.base.errors import PadanError
from policy.base.words import Words

ROOT = Path(__file__).parents[1]
PACKAGES = ("policy", "encoder", "linkage_service", "padan")
_DEEPEST = 12

Env = Mapping[str, list[Any]]


class Unknown:
    """A value that is known only when the program runs."""


UNKNOWN = Unknown()


@dataclass(frozen=True)
class Site:
    """One way in which an error comes about; `code` is None where only the program knows."""

    place: str
    error: type[PadanError]
    code: StrEnum | None
    problem: Words
    hint: Words


@dataclass(frozen=True)
class Scope:
    """The module, class and function around an expression, and what is known of parameters."""

    module: ModuleType
    path: str
    function: Function | None = None
    owner: str | None = None
    env: Env = field(default_factory=dict)
    depth: int = 0

    def bound(self, env: Env) -> Scope:
        return replace(self, env=env)


@dataclass(frozen=True)
class _Found:
    """An error that a function makes."""

    error: type[PadanError]
    code: Any
    problem: Any
    hint: Any


class Source:
    """All modules of the packages, with every call in them."""

    def __init__(self, root: Path = ROOT, packages: Sequence[str] = PACKAGES) -> None:
        self.calls: list[tuple[Scope, ast.Call]] = []
        self.called: dict[str, list[tuple[Scope, ast.Call]]] = {}  # by the name of what is called
        self.functions: dict[tuple[str, str], Scope] = {}
        for package in packages:
            for file in sorted((root / package).rglob("*.py")):
                self._read(file, file.relative_to(root))

    def _read(self, file: Path, path: Path) -> None:
        name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        if name.endswith("__main__") or "migrations" in path.parts:  # these run when imported
            return
        module = importlib.import_module(name)
        tree = ast.parse(file.read_text(encoding="utf-8"))
        self._walk(tree, Scope(module, path.as_posix()))

    def _walk(self, node: ast.AST, scope: Scope) -> None:
        for child in ast.iter_child_nodes(node):
            inner = scope
            if isinstance(child, Function):
                inner = Scope(scope.module, scope.path, child, scope.owner)
                self.functions.setdefault((scope.module.__name__, child.name), inner)
            elif isinstance(child, ast.ClassDef):
                inner = Scope(scope.module, scope.path, None, child.name)
            elif isinstance(child, ast.Call):
                self.calls.append((scope, child))
                self.called.setdefault(_last_name(child.func), []).append((scope, child))
            self._walk(child, inner)

    def sites(self) -> Iterator[Site]:
        """Every error that the packages raise, in the order of their files."""
        for scope, call in self.calls:
            error = self._error(call, scope)
            if error is None or not _takes_code(error, call):
                continue
            for context in self._contexts(call.args, scope, ()):
                yield from self._texts(error, call, context)

    def _texts(self, error: type[PadanError], call: ast.Call, scope: Scope) -> Iterator[Site]:
        codes, problems, hints = (self.values(each, scope) for each in call.args)
        for code in codes:
            for problem, hint in paired(problems, hints):
                known = code if isinstance(code, StrEnum) else None
                yield Site(scope.path, error, known, words(problem), words(hint))

    def _error(self, call: ast.Call, scope: Scope) -> type[PadanError] | None:
        """The class of an error that this call makes, `super().__init__` included."""
        made: Any = None
        if isinstance(call.func, ast.Name):
            made = getattr(scope.module, call.func.id, None)
            if made is None and scope.function is not None:
                made = imported_inside(scope.function, call.func.id)
        elif scope.owner is not None and is_of_the_class_above(call.func):
            made = getattr(scope.module, scope.owner, None)
        is_error = inspect.isclass(made) and issubclass(made, PadanError)
        return made if is_error and scope.owner != PadanError.__name__ else None

    def _contexts(
        self, said: Sequence[ast.expr], scope: Scope, above: tuple[str, ...]
    ) -> Iterator[Scope]:
        """This scope, or one for every call of its function that hands over what is said."""
        function = scope.function
        names = handed(said, function) if function else set()
        callers = [
            (outer, caller)
            for outer, caller in (self.called.get(function.name, ()) if names and function else ())
            if self._calls(caller, outer, scope)
        ]
        if function is None or not callers or function.name in above:
            yield scope
            return
        for outer, caller in callers:
            passed = [value for name, value in given(function, caller).items() if name in names]
            for context in self._contexts(passed, outer, (*above, function.name)):
                yield scope.bound(self._arguments(function, caller, context))

    def _calls(self, call: ast.Call, outer: Scope, scope: Scope) -> bool:
        """Whether this call is one of the scope's function."""
        assert scope.function is not None
        name = scope.function.name
        if isinstance(call.func, ast.Name) and call.func.id == name:
            target = getattr(outer.module, name, None)
            return getattr(target, "__module__", None) == scope.module.__name__
        if isinstance(call.func, ast.Attribute) and call.func.attr == name:
            if isinstance(call.func.value, ast.Name):
                target = getattr(outer.module, call.func.value.id, None)
                if isinstance(target, ModuleType):
                    return target is scope.module
            return outer.module is scope.module and scope.owner is not None
        return False

    def _arguments(self, function: Function, call: ast.Call, scope: Scope) -> dict[str, list[Any]]:
        return {name: self.values(each, scope) for name, each in given(function, call).items()}

    def values(self, node: ast.expr, scope: Scope) -> list[Any]:
        """What an expression may be; UNKNOWN where only the running program knows."""
        found: list[Any] = []
        for each in self._values(node, scope):
            if each not in found:
                found.append(each)
        return found[:MOST] or [UNKNOWN]

    def _values(self, node: ast.expr, scope: Scope) -> list[Any]:
        match node:
            case ast.Constant(value):
                return [value]
            case ast.JoinedStr(parts):
                return joined([self._part(part, scope) for part in parts])
            case ast.BinOp(left, ast.Add(), right):
                return joined([self.values(left, scope), self.values(right, scope)])
            case ast.IfExp(_, body, other):
                return [*self.values(body, scope), *self.values(other, scope)]
            case ast.Tuple(elements):
                parts = [self.values(each, scope) for each in elements]
                return [tuple(each) for each in itertools.product(*parts)][:MOST]
            case ast.Name(name):
                return self._named(name, scope)
            case ast.Attribute(value, attribute):
                return [_attribute(each, attribute) for each in self.values(value, scope)]
            case ast.Subscript(value, _):
                return [one for each in self.values(value, scope) for one in _members(each)]
            case ast.Call():
                return self._called(node, scope)
        return [UNKNOWN]

    def _part(self, part: ast.expr, scope: Scope) -> list[Any]:
        if not isinstance(part, ast.FormattedValue):
            return self.values(part, scope)
        form = part.format_spec.values if isinstance(part.format_spec, ast.JoinedStr) else []
        spec = "".join(each.value for each in form if isinstance(each, ast.Constant))
        return [
            format(each, spec) if isinstance(each, int) else text(each)
            for each in self.values(part.value, scope)
        ]

    def _named(self, name: str, scope: Scope) -> list[Any]:
        if name in scope.env:
            return scope.env[name]
        if scope.function is not None and name in bound_names(scope.function):
            return list(self._assigned(name, scope))
        return [getattr(scope.module, name, UNKNOWN)]

    def _assigned(self, name: str, scope: Scope) -> Iterator[Any]:
        if scope.depth > _DEEPEST:
            return
        inner = replace(scope, depth=scope.depth + 1)
        for node in ast.walk(scope.function or ast.Module([], [])):
            if not isinstance(node, ast.Assign):
                continue
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    yield from self.values(node.value, inner)
                elif isinstance(target, ast.Tuple):
                    names = [each.id for each in target.elts if isinstance(each, ast.Name)]
                    if name in names and len(names) == len(target.elts):
                        for value in self.values(node.value, inner):
                            is_pair = isinstance(value, tuple) and len(value) == len(names)
                            yield value[names.index(name)] if is_pair else UNKNOWN

    def _called(self, call: ast.Call, scope: Scope) -> list[Any]:
        if isinstance(call.func, ast.Attribute):
            if call.func.attr in ("strip", "rstrip"):
                return self.values(call.func.value, scope)
            modules = self.values(call.func.value, scope)
            target = getattr(modules[0], call.func.attr, None) if modules else None
        else:
            target = getattr(scope.module, getattr(call.func, "id", ""), None)
        if inspect.isclass(target) and issubclass(target, StrEnum) and len(call.args) == 1:
            texts = {str(each) for each in target}
            return [
                target(each) if each in texts else UNKNOWN
                for each in self.values(call.args[0], scope)
            ]
        if target is Words and len(call.args) == 2:
            both = [self.values(each, scope) for each in call.args]
            return [Words(text(one), text(other)) for one, other in paired(*both)]
        error = self._error(call, scope)
        if error is not None and _takes_code(error, call):
            code, problem, hint = (self.values(each, scope)[0] for each in call.args)
            return [_Found(error, code, problem, hint)]
        if isinstance(target, FunctionType) and scope.depth <= _DEEPEST:
            return list(self._returned(target, call, scope))
        return [UNKNOWN]

    def _returned(self, target: FunctionType, call: ast.Call, scope: Scope) -> Iterator[Any]:
        inner = self.functions.get((target.__module__, target.__name__))
        if inner is None or inner.function is None or not says_something(inner.function):
            return
        env = self._arguments(inner.function, call, scope)
        deeper = replace(inner, env=env, depth=scope.depth + 1)
        for node in ast.walk(inner.function):
            if isinstance(node, ast.Return) and node.value is not None:
                yield from self.values(node.value, deeper)


def _last_name(called: ast.expr) -> str:
    return getattr(called, "attr", "") or getattr(called, "id", "")


def _takes_code(error: type[PadanError], call: ast.Call) -> bool:
    """Whether the call gives code, problem and hint; a class of its own may ask for others."""
    if error.__init__ is not PadanError.__init__ and isinstance(call.func, ast.Name):
        return False
    if len(call.args) != 3:
        raise ValueError(
            f"{error.__name__} takes a code, a problem and a hint: {ast.unparse(call)}"
        )
    return True


def _attribute(value: Any, name: str) -> Any:
    is_known = isinstance(value, Words | _Found | ModuleType) or inspect.isclass(value)
    return getattr(value, name, UNKNOWN) if is_known else UNKNOWN


def _members(value: Any) -> list[Any]:
    """Any one of a constant table."""
    if isinstance(value, Mapping):
        return list(value.values())
    return [UNKNOWN]
