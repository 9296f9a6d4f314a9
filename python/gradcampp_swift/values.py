"""Frozen dataclasses whose making takes no time.

`dataclasses` writes and compiles source for each class while it is imported. For the nine here, and
with the modules that it loads, that took the command a tenth of the time in which it begins. Type
checkers and functions of `dataclasses` find what they know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

_Value = TypeVar("_Value")


def field_names(kind: type) -> tuple[str, ...]:
    """List the fields of a dataclass of this module, in their order."""
    annotations: dict[str, str] = vars(kind)["__annotations__"]
    return tuple(name for name, text in annotations.items() if not text.startswith("ClassVar"))


def replace(value: _Value, **changes: Any) -> _Value:
    """Make a value with other fields, as `dataclasses.replace` does."""
    return type(value)(**{**_fields(value), **changes})


def _fields(value: object) -> dict[str, Any]:
    return {name: getattr(value, name) for name in field_names(type(value))}


def _complete(kind: type) -> type:
    names = field_names(kind)
    # Which stay with the class: pickles of before a field was added lack it.
    defaults = {name: vars(kind)[name] for name in names if name in vars(kind)}

    def begin(self: Any, *given: Any, **named: Any) -> None:
        placed = dict(zip(names, given, strict=False))
        values = {**defaults, **placed, **named}
        if (
            len(values) != len(names)
            or len(given) > len(placed)
            or not placed.keys().isdisjoint(named)
        ):
            _signature(kind).bind(*given, **named)  # which raises the error that fits
        vars(self).update(values)
        if hasattr(kind, "__post_init__"):
            self.__post_init__()

    for name, method in {**_METHODS, "__init__": begin, "__match_args__": names}.items():
        if name not in vars(kind):
            setattr(kind, name, method)
    return kind


def _set(self: object, name: str, *_: object) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"a {type(self).__name__} does not change: {name!r}")


def _equals(self: object, other: object) -> bool:
    return type(self) is type(other) and _fields(self) == _fields(other)


def _hash(self: object) -> int:
    return hash(tuple(_fields(self).values()))


def _repr(self: object) -> str:
    shown = (f"{name}={value!r}" for name, value in _fields(self).items())
    return f"{type(self).__qualname__}({', '.join(shown)})"


class _Later:
    """An attribute of a class that is made when it is asked for."""

    def __init__(self, make: Callable[[type], Any]) -> None:
        self._make = make

    def __get__(self, value: object, kind: type) -> Any:
        return self._make(kind)


def _signature(kind: type) -> Any:
    import inspect

    word = inspect.Parameter.POSITIONAL_OR_KEYWORD
    absent = inspect.Parameter.empty
    return inspect.Signature(
        [
            inspect.Parameter(
                name,
                word,
                default=vars(kind).get(name, absent),
                annotation=kind.__annotations__[name],
            )
            for name in field_names(kind)
        ]
    )


def _dataclass_fields(kind: type) -> Mapping[str, Any]:
    import dataclasses

    names = field_names(kind)
    like = {name: vars(kind)[name] for name in names if name in vars(kind)}
    like["__annotations__"] = {name: kind.__annotations__[name] for name in names}
    made: Any = dataclasses.dataclass(frozen=True)(type(kind.__name__, (), like))
    fields: Mapping[str, Any] = made.__dataclass_fields__
    return fields


_METHODS: dict[str, Any] = {
    "__setattr__": _set,
    "__delattr__": _set,
    "__hash__": _hash,
    "__eq__": _equals,
    "__repr__": _repr,
    "__signature__": _Later(_signature),
    "__dataclass_fields__": _Later(_dataclass_fields),
}


def dataclass(**_: bool) -> Callable[[type], type]:
    """Do what `dataclass(frozen=True)` does; what a class has itself stays."""
    return _complete
