"""docs/reference/python.md: the Python API, from its own signatures and docstrings."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import padan
from padan.compat import anonlink, clkhash
from policy.base.errors import PadanError

_INTRODUCTION = """# Python API

`import padan` is for an analyst in a notebook and for an agency that embeds it in its own
programs. Start with the [tutorial](../tutorials/notebook.md). This page is made from the code.

```sh
pip install 'padan[pandas]'     # or 'padan[polars]'; Arrow: 'padan[pandas,parquet]'
```

**Tables.** Functions take tables of pandas, Polars or Arrow, through narwhals, and give tables
of the same library; functions that read files have `backend` (`pandas`, `polars`, `pyarrow`).
No function changes the table that it is given. Text is String (pandas 2: `object`), a number is
Int64 or Float64, a filter is `bytes` (pandas: `object`, Polars: `Binary`, Arrow: `binary`). Row
positions count from 0, row numbers of files from 1. The index of a pandas table is not used.

**Progress** is a function `progress(done, total)`; `total` is 0 where it is not known. It may
be called many times a second, always from the thread that called.

**Errors** are `PadanError`s with `code`, `problem` and `hint` (each with `.id` and `.en`). They
name a column, a row and a rule, and never a cell or a secret.

**Secrets** are `Secret` or `bytes`. A `Secret` is masked when it is printed.

**What is public.** The names on this page; a test pins them. Other modules and names may change
in any version."""

_SECTIONS = (
    ("Read and check", ("read_source", "Source", "check", "Report", "normalise")),
    ("Encode", ("Secret", "load_schema", "encode_plain", "load_charter", "encode_hardened")),
    ("Compare and link", ("compare", "link", "dedupe", "pairs_of", "expected_false")),
    (
        "Score",
        (
            "true_pairs",
            "score",
            "Score",
            "Share",
            "threshold_table",
            "score_distribution",
            "threshold_chart",
            "Chart",
        ),
    ),
    ("Releases", ("open_release", "read_release", "Release", "join_release", "read_list")),
)
_COMPAT = (
    (
        anonlink,
        (
            "dice_coefficient_accelerated",
            "dice_coefficient_python",
            "find_candidate_pairs",
            "greedy_solve",
            "solver",
            "pairs_from_groups",
            "candidates_of",
        ),
    ),
    (clkhash, ("read_clks", "write_clks", "generate_clks")),
)


def python_api() -> str:
    """The page."""
    parts = [_INTRODUCTION]
    for title, names in _SECTIONS:
        parts.append(f"## {title}")
        for name in names:
            parts += _entry(f"padan.{name}", getattr(padan, name))
    parts += ["## Charter", *_entry("padan.Charter", padan.Charter)]
    parts += ["## Errors", *_errors()]
    for module, names in _COMPAT:
        parts += [f"## {module.__name__}", _docstring(module)]
        for name in names:
            parts += _entry(f"{module.__name__}.{name}", getattr(module, name))
    return "\n\n".join(parts) + "\n"


def names_on_the_page() -> set[str]:
    """The public names of `padan` that have an entry."""
    errors = {name for name in padan.__all__ if _is_error(getattr(padan, name))}
    return {name for _, names in _SECTIONS for name in names} | errors | {"Charter"}


def _entry(name: str, thing: Any) -> Iterator[str]:
    yield f"### `{name}`"
    if not inspect.isclass(thing):
        yield f"```python\n{_signature(name, thing)}\n```"
    yield _docstring(thing)
    if inspect.isclass(thing) and thing.__module__.startswith("padan."):
        members = [each for each in vars(thing) if not each.startswith("_")]
        listed = [line for each in members for line in _member(each, vars(thing)[each])]
        if listed:
            yield "\n".join(listed)


def _member(name: str, member: Any) -> Iterator[str]:
    of_class = isinstance(member, classmethod)
    function = member.__func__ if of_class else member
    if isinstance(member, property):
        yield f"- `{name}`: {_one_line(member.fget)}"
    elif inspect.isfunction(function):
        parameters = list(inspect.signature(function).parameters.values())[1:]
        said = ", ".join(each.name for each in parameters)
        yield f"- `{name}({said})`: {_one_line(function)}"


def _signature(name: str, function: Any) -> str:
    """One parameter a line where there are several."""
    signature = inspect.signature(function)
    parts: list[str] = []
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in "".join(parts):
            parts.append("*")
        parts.append(_parameter(parameter))
    returned = str(signature.return_annotation).replace("IntoDataFrameT", "same table type")
    inner = "".join(f"    {part},\n" for part in parts)
    return f"{name}(\n{inner}) -> {returned}"


def _parameter(parameter: inspect.Parameter) -> str:
    stars = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
    text = f"{stars}{parameter.name}: {parameter.annotation}"
    if parameter.default is parameter.empty:
        return text
    default = parameter.default
    return f"{text} = {default.__name__ if callable(default) else repr(default)}"


def _errors() -> Iterator[str]:
    yield "```text\n" + _tree(PadanError, 0).rstrip() + "\n```"
    explained = _one_line(padan.MissingExtra)
    yield f"All codes: [error codes](error-codes.md). `MissingExtra`: {explained}"


def _tree(kind: type, depth: int) -> str:
    lines = f"{'    ' * depth}{kind.__name__:{24 - 4 * depth}}{_one_line(kind)}\n"
    under = [each for each in kind.__subclasses__() if each.__name__ in padan.__all__]
    return lines + "".join(_tree(each, depth + 1) for each in under)


def _is_error(thing: Any) -> bool:
    return inspect.isclass(thing) and issubclass(thing, PadanError)


def _docstring(thing: Any) -> str:
    text = inspect.cleandoc(thing.__doc__ or "")
    if isinstance(thing, ModuleType):
        return f"```text\n{text}\n```"
    return text


def _one_line(thing: Any) -> str:
    return " ".join(inspect.cleandoc(thing.__doc__ or "").split("\n\n")[0].split())
