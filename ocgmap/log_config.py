"""Logging: one JSON line an event, to standard error, and nothing about anyone's records.

Three nets, each of which would be enough for most slips:

- our own lines carry named fields only, and a field that is not in `FIELDS` is left out;
- lines of libraries keep their fixed text, numbers, and a few named values; every other
  value becomes an ellipsis, since it may quote an address, a row or what was typed;
- a fault is told by its type, its place in the code and a database's error code, never
  by its message, which may quote a row.
"""

import logging
import os
import re
import sys
import traceback
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor

# What a line may say beside its event: numbers, codes and names from the code.
FIELDS: Final = frozenset(
    {
        *("event", "level", "logger", "timestamp", "process", "request_id"),
        *("route", "method", "status", "milliseconds", "actor_id", "organisation_id"),
        *("organisation", "task", "task_id", "state", "group_id", "groups", "marks"),
        *("set_aside", "assessments", "opened", "closed", "kind", "seconds"),
        *("checked", "pending", "differences", "fault"),
    }
)
# What libraries may name: Celery's tasks and processes, and nothing that was sent.
_NAMED: Final = frozenset({"name", "id", "runtime", "pid", "hostname"})
# Lines that are nothing but values; what they are about is told by their fault.
_PHRASES: Final = {"django.request": "a request failed"}
_HIDDEN: Final = "…"
_CODE: Final = re.compile(r"[\w.:/@-]{0,120}")
_MOST_FRAMES: Final = 12


def configured(form: str, *, debug: bool = False) -> dict[str, Any]:
    """Set structlog up and return the settings of `logging` for the form json or text.

    With ``debug`` a fault keeps its message and traceback: on a developer's machine.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.filter_by_level,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": _formatter(form, debug=debug)},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            **{name: _logger("INFO") for name in _OWN},
            "django": _logger("WARNING"),
            # 404 and 403 are answers, and are audited; only faults of ours are news.
            "django.request": _logger("ERROR"),
            "celery": _logger("INFO"),
            # Each task is told by one line of ours (`ocgmap.celery`).
            "celery.worker.strategy": _logger("WARNING"),
            "celery.app.trace": _logger("ERROR"),
            "celery.beat": _logger("WARNING"),
            "gunicorn.error": _logger("INFO"),
            # Requests are told by `ocgmap.request_log`, without their address.
            "gunicorn.access": _logger("CRITICAL"),
        },
    }


_OWN: Final = ("ocgmap", "accounts", "groups", "intelligence", "scoring")


def _logger(level: str) -> dict[str, Any]:
    return {"handlers": ["stderr"], "level": level, "propagate": False}


def _formatter(form: str, *, debug: bool) -> dict[str, Any]:
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, sort_keys=False)
    )
    faults: list[Processor] = [] if debug and form == "text" else [_fault]
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "use_get_message": False,
        "pass_foreign_args": True,
        "foreign_pre_chain": [structlog.contextvars.merge_contextvars, _foreign],
        "processors": [
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _process,
            *faults,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _only_known_fields if faults else _as_is,
            last,
        ],
    }


def _as_is(_logger: Any, _method: str, event: EventDict) -> EventDict:
    return event


def _process(_logger: Any, _method: str, event: EventDict) -> EventDict:
    event["process"] = os.environ.get("OCGMAP_PROCESS", "web")
    return event


def _foreign(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Keep of a library's line its fixed text, its numbers and a few names."""
    record: logging.LogRecord = event["_record"]
    if phrase := _PHRASES.get(record.name):
        event["event"] = phrase
        event.pop("positional_args", None)
        return event
    if not isinstance(record.msg, str):
        event["event"] = type(record.msg).__name__
        return event
    values = event.pop("positional_args", ())
    try:
        event["event"] = record.msg % _without_words(values) if values else record.msg
    except (TypeError, ValueError, KeyError):
        event["event"] = record.msg
    return event


def _without_words(values: Any) -> Any:
    if isinstance(values, Mapping):
        return {
            name: value if name in _NAMED else _number_or_hidden(value)
            for name, value in values.items()
        }
    return tuple(_number_or_hidden(value) for value in values)


def _number_or_hidden(value: object) -> object:
    return value if isinstance(value, bool | int | float) else _HIDDEN


def _fault(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Tell an exception by its type, its database code and its place, not its words."""
    info = event.pop("exc_info", None)
    event.pop("stack_info", None)
    error = info[1] if isinstance(info, tuple) else info
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["fault"] = fault(error)
    return event


def fault(error: BaseException) -> dict[str, Any]:
    """Return an exception and its causes as types and places, without any message."""
    cause = error.__cause__ or error.__context__
    told: dict[str, Any] = {
        "type": type(error).__name__,
        "at": [
            f"{_place(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
        ],
    }
    if code := getattr(error, "sqlstate", None):
        told["sqlstate"] = code
    if cause is not None and cause is not error:
        told["from"] = {"type": type(cause).__name__}
        if code := getattr(cause, "sqlstate", None):
            told["from"]["sqlstate"] = code
    return told


def _place(path: str) -> str:
    """Return the end of a path that tells the file, not the machine's folders."""
    return "/".join(path.split("/")[-3:])


def _only_known_fields(_logger: Any, _method: str, event: EventDict) -> EventDict:
    kept = {name: value for name, value in event.items() if name in FIELDS}
    return {
        name: value if name in {"event", "fault"} else _code_or_hidden(value)
        for name, value in kept.items()
    }


def _code_or_hidden(value: object) -> object:
    """Return numbers and codes; a text with a blank in it may be somebody's words."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text if _CODE.fullmatch(text) else _HIDDEN


def last_words(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Log what ended this process, in place of Python's traceback with its message."""
    if issubclass(kind, KeyboardInterrupt):
        return
    logger = logging.getLogger("ocgmap.process")
    logger.critical("process ended by a fault", exc_info=(kind, error, trace))
