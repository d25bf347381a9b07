"""Bodies of requests: JSON in UTF-8, of a bounded size, each key once."""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser

_HALF = (
    "This holds half a character (a lone surrogate such as \\ud800), which is no text. "
    "Send whole characters in UTF-8."
)


class StrictJSONParser(JSONParser):
    """JSON as RFC 8259 has it: UTF-8, no NaN, and no key twice in one object."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the parsed body.

        Raises:
            RequestDataTooBig: it is over the limit of the settings.
            ParseError: it is not such JSON; the message says where.
            ValidationError: a value holds half a character.
        """
        _check_size((parser_context or {}).get("request"))
        try:
            found = json.loads(
                stream.read().decode("utf-8"),
                object_pairs_hook=_each_key_once,
                parse_constant=_refuse_constant,
            )
            _refuse_half_characters(found)
        except UnicodeDecodeError as error:
            raise ParseError(
                f"The body is not UTF-8 (byte {error.start + 1}). Send JSON in UTF-8."
            ) from error
        except json.JSONDecodeError as error:
            raise ParseError(
                f"The body is not JSON: {error.msg} at line {error.lineno}, column "
                f"{error.colno}."
            ) from error
        except (ValueError, RecursionError) as error:
            raise ParseError(
                "The body is not JSON that can be read: a number too long, or nested "
                "too deep."
            ) from error
        return found


def _check_size(request: Any) -> None:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    length = request.META.get("CONTENT_LENGTH") if request is not None else None
    if limit and length and int(length) > limit:
        raise RequestDataTooBig


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ParseError(f"The key {twice[:60]!r} stands twice in one object.")
    return found


def _refuse_half_characters(found: Any) -> None:
    """Raise where an escape stands for half a character: no text can hold that.

    Raises:
        ValidationError: naming the fields, where it is the values of some.
        ParseError: it is a key, or the body is no object.
    """
    if _is_whole(found):
        return
    if isinstance(found, dict) and all(_is_whole(key) for key in found):
        raise ValidationError(
            {key: [_HALF] for key, value in found.items() if not _is_whole(value)}
        )
    raise ParseError(_HALF)


def _is_whole(found: Any) -> bool:
    try:
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _refuse_constant(name: str) -> NoReturn:
    raise ParseError(f"The body is not JSON: {name} is not a JSON number.")
