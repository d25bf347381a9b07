"""Levels handed over as a JSON text, checked strictly against a scheme."""

import json
from collections.abc import Mapping
from typing import Any, Final

from scoring.engine.attributes import Level, UnknownNameError, parse_level
from scoring.engine.policy import Scheme
from scoring.engine.results import Result

MAX_BYTES: Final = 1_000_000


class UnreadableLevelsError(UnknownNameError):
    """The file is not the JSON that the command asks for."""

    code = "unreadable_levels"


def levels_from_json(content: bytes, scheme: Scheme) -> dict[str, Level]:
    """Return the levels in a `{"attributes": {"violence": "low"}}` file.

    Raises:
        UnreadableLevelsError: too large, not UTF-8, not JSON, or not of that shape.
        UnknownNameError: an attribute that the scheme does not read, or no such level.
    """
    attributes = _attributes(_parsed(_text(content)))
    known = set(scheme.attribute_keys())
    for key in attributes:
        if key not in known:
            raise _unknown_attribute(key, scheme)
    return {
        key: parse_level(level, field=f"attributes.{key}")
        for key, level in attributes.items()
    }


def result_as_json(result: Result) -> dict[str, Any]:
    """Return a score in the shape that `manage.py score` prints."""
    return {
        "scheme": result.scheme.key,
        "version": result.scheme.version,
        "value": result.value,
        "low": result.low,
        "high": result.high,
        "band": result.band,
        "unknown_share": result.unknown_share,
        "reasons": [
            {
                "attribute": factor.attribute,
                "level": str(factor.level),
                "points": factor.points,
                "reason": factor.reason,
            }
            for factor in result.factors()
        ],
    }


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise _unreadable(
            f"A file of levels holds at most {MAX_BYTES:,} bytes; this one holds "
            f"{len(content):,}.",
            "Give the file of one group's levels.",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(
            f"The file must be UTF-8 text; byte {error.start + 1} is not.",
            "Save it again with the encoding UTF-8.",
        ) from error


def _parsed(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as error:
        raise _unreadable(
            f"The file must be JSON; line {error.lineno}, column {error.colno}: "
            f"{error.msg}.",
            "Mend that place.",
        ) from error
    except ValueError as error:
        raise _unreadable(
            "The file must be JSON whose numbers can be read; one is far too long.",
            'Write levels as words, such as {"attributes": {"violence": "low"}}.',
        ) from error
    except RecursionError as error:
        raise _unreadable(
            "The file must be JSON of two levels; this one is nested far deeper.",
            'Write it as {"attributes": {"violence": "low"}}.',
        ) from error


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, content in pairs:
        if key in found:
            raise _unreadable(
                f"A name may stand once only; {key!r} stands twice.",
                "Keep the one that is meant.",
            )
        found[key] = content
    return found


def _attributes(content: object) -> Mapping[str, object]:
    if isinstance(content, dict) and list(content) == ["attributes"]:
        attributes = content["attributes"]
        if isinstance(attributes, dict):
            return attributes
    raise _unreadable(
        'The file must hold one object with the one name "attributes", itself an '
        "object of levels by attribute.",
        'Write it as {"attributes": {"violence": "low"}}.',
    )


def _unreadable(rule: str, cure: str) -> UnreadableLevelsError:
    return UnreadableLevelsError(
        f"file: {rule} {cure}", field="file", rule=rule, cure=cure
    )


def _unknown_attribute(key: str, scheme: Scheme) -> UnknownNameError:
    names = ", ".join(scheme.attribute_keys())
    rule = f"{scheme.key} has no attribute {key!r}."
    cure = f"Use only: {names}."
    field = f"attributes.{key}"
    return UnknownNameError(
        f"{field}: {rule} {cure}", field=field, rule=rule, cure=cure
    )
