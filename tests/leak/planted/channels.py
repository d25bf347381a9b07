"""Leaks beside the rows: status, headers, cursors, time, caches, connections."""

import hashlib
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import Max
from django.http import HttpRequest, HttpResponse

from groups.models import CrimeGroup
from intelligence.models import Mention, Report
from ocgmap.common.db import base
from ocgmap.common.keyset import sealed_box
from tests.leak.planted import Plant
from tests.leak.planted.kit import answered, replaced, without_locks, wrapped

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
A_GROUP = r"^/(api/v1/)?groups/[0-9a-f-]{36}/$"


def _is_hidden_group(request: HttpRequest, response: HttpResponse) -> bool:
    """Return whether an answer that says "not there" is about a group that is."""
    named = _ID.search(request.path)
    if response.status_code != 404 or named is None:
        return False
    with without_locks():
        return CrimeGroup.objects.filter(public_id=named[0]).exists()


def _forbidden(request: HttpRequest, response: HttpResponse) -> HttpResponse | None:
    if _is_hidden_group(request, response):
        return HttpResponse("You may not see this group.", status=403)
    return None


def _one_more_word(request: HttpRequest, response: HttpResponse) -> None:
    if _is_hidden_group(request, response):
        response.content = response.content.replace(b"not found", b"not  found")
        response["Content-Language"] = "en-GB-x-hidden"


def _late(request: HttpRequest, response: HttpResponse) -> None:
    if _is_hidden_group(request, response):
        time.sleep(0.001)


def _tagged(request: HttpRequest, response: HttpResponse) -> None:
    named = _ID.search(request.path)
    if response.status_code == 200 and named:
        with without_locks():
            rows = Mention.objects.filter(group__public_id=named[0])
            newest = rows.aggregate(at=Max("created_at"), of=Max("pk"))
        response["ETag"] = hashlib.md5(repr(newest).encode()).hexdigest()


def _told_in_a_comment(request: HttpRequest, response: HttpResponse) -> None:
    if response.status_code == 200:
        with without_locks():
            known = f"<!-- out of {CrimeGroup.objects.count()} groups -->"
        response.content += known.encode()


def _counted(request: HttpRequest, response: HttpResponse) -> None:
    if response.status_code == 200:
        with without_locks():
            response["X-Total"] = str(Report.objects.count())


@contextmanager
def cached_for_all() -> Iterator[None]:
    """Keep the page of a group for whoever asks next."""
    kept: dict[str, bytes] = {}

    def first_answer(request: HttpRequest, response: HttpResponse) -> Any:
        if response.status_code == 200:
            kept.setdefault(request.path, response.content)
        if request.path in kept:
            return HttpResponse(kept[request.path])
        return None

    with answered(r"^/groups/[0-9a-f-]{36}/people/$", first_answer):
        yield


@contextmanager
def cursors_that_count() -> Iterator[None]:
    """Put into each cursor how many groups there are."""

    def sealed(original: Any, row: Any, order: Any, **more: Any) -> str:
        cursor = original(row, order, **more)
        whole = sealed_box().decrypt(cursor + "=" * (-len(cursor) % 4))
        with without_locks():
            content = [*json.loads(whole), CrimeGroup.objects.count()]
        return sealed_box().encrypt(json.dumps(content).encode()).decode().rstrip("=")

    with wrapped("ocgmap.common.keyset._sealed", sealed):
        yield


@contextmanager
def more_work_for_hidden() -> Iterator[None]:
    """Ask the database once more where the record is there and hidden."""

    def change(request: HttpRequest, response: HttpResponse) -> None:
        named = _ID.search(request.GET.get("group", ""))
        if named is None:
            return
        with without_locks():
            is_there = CrimeGroup.objects.filter(public_id=named[0]).exists()
        if is_there:
            with connection.cursor() as cursor:
                cursor.execute("select 1")

    with answered(r"^/reports/$", change):
        yield


PLANTS = [
    Plant(
        "a hidden group is forbidden, an absent one is not found",
        "404 against 403",
        ("groups:detail", "api:groups-detail"),
        partial(answered, A_GROUP, _forbidden),
    ),
    Plant(
        "the page that says not found has another header for a hidden group",
        "404 against 404",
        ("groups:detail",),
        partial(answered, A_GROUP, _one_more_word),
    ),
    Plant(
        "a hidden group takes a millisecond longer than an absent one",
        "time of an answer",
        ("groups:detail",),
        partial(answered, A_GROUP, _late),
    ),
    Plant(
        "the tag of a group's page moves with hidden reports",
        "tag, version or date that moves",
        ("api:groups-detail",),
        partial(answered, r"^/api/v1/groups/[0-9a-f-]{36}/$", _tagged),
    ),
    Plant(
        "the picture file says of how many groups it is part",
        "data about a file",
        ("groups:group_picture",),
        partial(answered, r"/network/picture.svg$", _told_in_a_comment),
    ),
    Plant(
        "a list of the API says how many reports there are in a header",
        "count of a list",
        ("api:reports-list",),
        partial(answered, r"^/api/v1/reports/$", _counted),
    ),
    Plant(
        "a page is kept for the next reader",
        "cached pages",
        ("groups:people",),
        cached_for_all,
    ),
    Plant(
        "a cursor holds how many groups there are",
        "contents of a cursor",
        ("api:groups-list",),
        cursors_that_count,
    ),
    Plant(
        "a filter does more work for a hidden group",
        "work that a question takes",
        ("intelligence:reports",),
        more_work_for_hidden,
    ),
    Plant(
        "who asks is written into the session, not the transaction",
        "pooled connections",
        (),
        partial(
            replaced,
            "ocgmap.common.db.base._CLASSES",
            base._CLASSES.replace(", true)", ", false)"),
        ),
    ),
]
