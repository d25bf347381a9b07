"""A row in every table that hangs on a record, with one word in every text of them.

The tables are read from the models, so a new one is filled too. What the columns of a new
table must hold besides its type is said in `SAID`.
"""

import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.utils import DataError, InternalError, ProgrammingError
from django.utils import timezone

from accounts.models import AccessClass, Organisation, User
from groups.models import CrimeGroup, Identifier, Nominal, Offence, ThreatType
from intelligence.models import Report, SightRequest, SubjectRequest
from ocgmap.disposal_sql import _pointing_at
from scoring.models import SchemeVersion, WhatIf
from tests.factories.scoring import ATTRIBUTES

# What a column must say that its type does not tell.
SAID: dict[str, dict[str, Any]] = {
    "groups.savedchart": {"audience": "private"},
    "intelligence.retentionreview": {
        "state": "kept",
        "next_review_on": timezone.localdate,
        "grounds": ["links"],
    },
    "intelligence.sharingchange": {"step": "wider"},
    "scoring.analyticnote": {"kind": "challenge"},
    "scoring.banddecision": {"band": "1a"},
}
# Codes, which are no texts although their columns are.
CODES = {
    *("attribute", "band", "computed_band", "outcode", "country", "currency"),
    "yardstick",
}
# What the database refuses to change, or to say without something else.
_REFUSED = (IntegrityError, DataError, InternalError, ProgrammingError)


class Filler:
    """Fills the tables below one group."""

    def __init__(self, group: CrimeGroup, others: dict[type[Any], Any], word: str):
        self.group, self.word = group, word
        self.made: dict[type[Any], Any] = {
            CrimeGroup: group,
            Organisation: group.owner,
            AccessClass: group.access_class,
            ThreatType: ThreatType.objects.first(),
            Offence: Offence.objects.first(),
            SchemeVersion: SchemeVersion.objects.get(is_primary=True),
            **others,
        }

    def fill(self) -> None:
        """Make a row of each table that hangs on the group or on such a row."""
        self._below(CrimeGroup, self.group)

    def _below(self, model: type[Any], record: Any) -> None:
        for child, column in _pointing_at(model):
            field = next(one for one in child._meta.fields if one.column == column)
            rows = child._default_manager.filter(**{field.name: record})
            row = rows.first() or self._row(child, field, record)
            self._say(row)
            self._below(child, row)

    def _row(self, model: type[Any], about: Any, record: Any) -> Any:
        label = model._meta.label_lower
        values = {about.name: record}
        if label == "groups.grouplink":
            values = {
                "a": self.group,
                "b": self.made["other group"],
                about.name: record,
            }
            if about.name == "b":
                values["a"] = self.made["other group"]
        if label == "groups.transfer":
            values["receiver"] = self.made["other owner"]
        for name, said in SAID.get(label, {}).items():
            values[name] = said() if callable(said) else said
        for field in model._meta.fields:
            if field.name not in values and self._must_be_said(field):
                values[field.name] = self._value(field)
        return model._default_manager.create(**values)

    @staticmethod
    def _must_be_said(field: Any) -> bool:
        has_default = field.has_default() or field.has_db_default()
        return not (field.null or has_default or field.primary_key or field.blank)

    def _value(self, field: Any) -> Any:
        if isinstance(field, models.ForeignKey):
            return self.made[field.related_model]
        if field.choices:
            return field.choices[0][0]
        if field.name == "attribute":
            return ATTRIBUTES[0]
        today = timezone.localdate()
        kinds: list[tuple[type[Any], Any]] = [
            (models.DateTimeField, timezone.now()),
            (models.DateField, today + datetime.timedelta(days=9)),
            (models.JSONField, {}),
            (models.IntegerField, 1),
            (models.CharField, self.word),
            (models.TextField, self.word),
        ]
        return next(value for kind, value in kinds if isinstance(field, kind))

    def _say(self, row: Any) -> None:
        """Put the word into every text of a row, and into a former state of it."""
        for field in row._meta.fields:
            if field.choices or field.unique or field.name in CODES:
                continue
            if not isinstance(field, models.CharField | models.TextField):
                continue
            if field.max_length and field.max_length < len(self.word) + 2:
                continue
            for text in (f"{self.word} a", f"{self.word} b"):
                try:
                    with transaction.atomic():
                        rows = type(row)._default_manager.filter(pk=row.pk)
                        rows.update(**{field.name: text})
                except _REFUSED:
                    break


def fill(group: CrimeGroup, account: User, word: str, **others: Any) -> None:
    """Let a row of every table hang on ``group``, each text of it saying ``word``."""
    request = SightRequest.objects.create(
        user=account, reference=group.reference, reason=word
    )
    versions = list(SchemeVersion.objects.order_by("-is_primary")[:2])
    what_if = WhatIf.objects.create(
        user=account,
        scope="national",
        before=versions[0],
        after=versions[1],
        day=timezone.localdate(),
    )
    asked = SubjectRequest.objects.create(
        owner=group.owner,
        access_class=group.access_class,
        section="45",
        surname="Marlow",
        received_on=timezone.localdate(),
    )
    named = {
        User: account,
        SubjectRequest: asked,
        SightRequest: request,
        WhatIf: what_if,
        Nominal: others["nominal"],
        Identifier: others["identifier"],
        Report: others["report"],
        "other group": others["other"],
        "other owner": Organisation.objects.get(code="northumbria"),
    }
    Filler(group, named, word).fill()
