"""The rules that live in the database, laid after every migrate from the models.

Second lock: row-level security on every model with an access class, one policy a
command, forced on the owner too. Grants: the web owns nothing and writes only where
an action needs it. Triggers: who and when, labels, history, marks for the drain.
All statements may run again; a table made by a later migration is covered by it.
"""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from accounts.audit import WRITTEN
from accounts.models import (
    AuditCheckpoint,
    AuditEvent,
    LargeExport,
    MembershipProposal,
    PastedList,
    SearchTerm,
    SentForm,
    Subject,
)
from intelligence.models import CorrectionNotice, SightRequest
from ocgmap.audit_sql import audit_sql
from ocgmap.common.db.base import DatabaseWrapper
from ocgmap.common.records import ProtectedRecord
from ocgmap.deciding_sql import approving_sql, deciding_sql
from ocgmap.disposal_sql import disposal_sql
from ocgmap.finding_sql import search_sql
from ocgmap.held_back_sql import held_back_sql
from ocgmap.label_guards import label_guard
from ocgmap.subject_sql import ANSWERS, TOLD, recipients_sql
from ocgmap.web_writes import WEB_WRITES
from scoring.marking import trigger_sql
from scoring.models import (
    CalibrationAnswer,
    Delivery,
    DigestChoice,
    SearchPin,
    Watch,
    WhatIf,
)

_HELD = (
    "access_class_id in (select unnest("
    "nullif(current_setting('ocgmap.classes', true), '')::bigint[]))"
)
_ACTOR = "nullif(current_setting('ocgmap.actor', true), '')::bigint"
_ORGANISATION = "nullif(current_setting('ocgmap.organisation', true), '')::bigint"

# Functions of triggers run as the owner on tables named by their arguments, and whoever
# may execute one may hang it on a table of their own. Triggers fire without the right.
# Last, since a function made above is open to all.
_CLOSE_FUNCTIONS = """
do $$
declare
    made regprocedure;
begin
    for made in
        select oid from pg_proc
        where pronamespace = 'public'::regnamespace and proowner = current_user::regrole
          and prorettype = 'trigger'::regtype
    loop
        execute format('revoke execute on function %s from public, ocgmap_web, '
                       'ocgmap_worker', made);
    end loop;
end $$;
revoke execute on function accounts_ensure_audit_partitions() from public, ocgmap_web;
revoke execute on function accounts_begin_audit_era(integer) from public, ocgmap_web, ocgmap_worker;
"""
# Truth of the drain: the web neither reads nor writes it; triggers do.
HIDDEN = {
    "scoring.attempt",
    "scoring.outbox",
    "scoring.outboxdead",
    "scoring.profile",
}
# What happens to a row whose label is raised.
RAISED = {
    "groups.groupthreat": "groups_threat_raised",
    "scoring.pictureline": "scoring_line_raised",
}
# What a reader must meet besides the label.
NARROWED = {
    "groups.entrydraft": f"created_by_id = {_ACTOR} and ",
    "groups.savedsearch": f"(audience <> 'private' or created_by_id = {_ACTOR}) and ",
    "groups.savedchart": f"(audience <> 'private' or created_by_id = {_ACTOR}) and ",
    "intelligence.subjectrequest": f"{ANSWERS} and ",
    "intelligence.subjectfinding": f"{ANSWERS} and ",
    "scoring.whatifresult": (
        "exists (select from scoring_whatif o where o.id = what_if_id) and "
    ),
}
# A watch is there for its account while the policies of what it watches show that.
_WATCHED_IS_SEEN = (
    "(exists (select from groups_crimegroup o where o.id = scoring_watch.group_id)"
    " or exists (select from groups_nominal o where o.id = scoring_watch.nominal_id)"
    " or exists (select from groups_savedsearch o where o.id = scoring_watch.search_id))"
)
# And a pin while the policy of its search does.
_PINNED_IS_SEEN = (
    "exists (select from groups_savedsearch o where o.id = scoring_searchpin.search_id)"
)
# Rows of one account each, and what must hold besides.
OWN_ROWS: dict[type[models.Model], str] = {
    SearchTerm: "",
    SentForm: "",
    PastedList: "",
    Watch: f" and {_WATCHED_IS_SEEN}",
    SearchPin: f" and {_PINNED_IS_SEEN}",
    DigestChoice: "",
    Delivery: "",
    CalibrationAnswer: "",
    WhatIf: "",
    SightRequest: "",
}
# Rows about a compartment, for those who hold it.
HOLDERS_ROWS: tuple[type[models.Model], ...] = (MembershipProposal, Subject)
APPEND_ONLY = {
    "intelligence.assurance",
    "intelligence.disposalcertificate",
    "intelligence.reportoriginal",
    "scoring.assessment",
    "scoring.notecitation",
    "scoring.requirementanswer",
}


def protected_models() -> list[type[models.Model]]:
    """Return every model whose rows carry an access class, history included."""
    return [
        model
        for model in apps.get_models()
        if any(field.name == "access_class" for field in model._meta.fields)  # noqa: SLF001
    ]


def is_history(model: type[models.Model]) -> bool:
    """Return whether ``model`` holds the former states of another."""
    return hasattr(model, "pgh_tracked_model")


def lay_rules() -> None:
    """Lay grants, policies and triggers; nothing unless the owner is logged in."""
    wrapper = connection
    if isinstance(wrapper, DatabaseWrapper) and wrapper.login != "owner":
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _statements():
            cursor.execute(statement)


def _statements() -> Iterator[str]:
    yield files("ocgmap").joinpath("sql/labels.sql").read_text(encoding="utf-8")
    yield files("ocgmap").joinpath("sql/operating.sql").read_text(encoding="utf-8")
    yield files("ocgmap").joinpath("sql/audit.sql").read_text(encoding="utf-8")
    yield from audit_sql(protected_models())
    yield from approving_sql()
    yield files("ocgmap").joinpath("sql/sharing.sql").read_text(encoding="utf-8")
    yield "revoke all on all tables in schema public from public"
    yield "revoke all on all functions in schema public from public"
    yield "grant usage on schema public to ocgmap_web, ocgmap_worker"
    yield "grant usage on all sequences in schema public to ocgmap_web, ocgmap_worker"
    yield "grant execute on all functions in schema public to ocgmap_web, ocgmap_worker"
    for model in apps.get_models(include_auto_created=True):
        yield from _grants(model)
    for model in protected_models():
        yield from _policies(model)
        yield from _record_triggers(model)
    for model, and_besides in OWN_ROWS.items():
        yield from _rows_of(model, f"user_id = {_ACTOR}{and_besides}")
    for model in HOLDERS_ROWS:
        yield from _rows_of(model, f"accounts_holds({_ACTOR}, tag_id)")
    yield from _rows_of(LargeExport, f"organisation_id = {_ORGANISATION}")
    yield from deciding_sql()
    yield from _rows_of(CorrectionNotice, TOLD)
    for model in (AuditEvent, AuditCheckpoint):
        yield from _audit_rules(_table(model))
    yield files("ocgmap").joinpath("sql/disposal.sql").read_text(encoding="utf-8")
    yield from disposal_sql()
    yield from held_back_sql()
    yield files("ocgmap").joinpath("sql/merging.sql").read_text(encoding="utf-8")
    yield files("ocgmap").joinpath("sql/subject_rights.sql").read_text(encoding="utf-8")
    yield from recipients_sql()
    yield from trigger_sql()
    yield from search_sql()
    # What guarded labels before each table had a function of its own.
    yield "drop function if exists ocgmap_label_guard()"
    yield _CLOSE_FUNCTIONS


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table  # noqa: SLF001


def _grants(model: type[models.Model]) -> Iterator[str]:
    if model._meta.proxy or not model._meta.managed:  # noqa: SLF001
        return
    label, table = model._meta.label_lower, _table(model)  # noqa: SLF001
    yield f"revoke all on {table} from ocgmap_web, ocgmap_worker"
    if is_history(model):
        yield f"grant select, insert on {table} to ocgmap_web, ocgmap_worker"
        return
    yield f"grant select, insert, update, delete on {table} to ocgmap_worker"
    if label in HIDDEN:
        return
    yield f"grant select on {table} to ocgmap_web"
    default = "insert, update" if issubclass(model, ProtectedRecord) else ""
    writes = WEB_WRITES.get(label, default)
    if writes:
        yield f"grant {writes} on {table} to ocgmap_web"


def _policies(model: type[models.Model]) -> Iterator[str]:
    table = _table(model)
    held = NARROWED.get(model._meta.label_lower, "") + _HELD  # noqa: SLF001
    seen = held
    if is_history(model):
        base = _table(model.pgh_tracked_model)  # type: ignore[attr-defined]
        # A former state is visible iff its own label and the present object are.
        seen = f"{_HELD} and exists (select from {base} o where o.id = pgh_obj_id)"
    yield f"alter table {table} enable row level security"
    yield f"alter table {table} force row level security"
    rules = _rules(held) | {"select": f"using ({seen})"}
    if is_history(model):
        rules["insert"] = "with check (true)"
    for command, rule in rules.items():
        yield f"drop policy if exists web_{command} on {table}"
        yield f"create policy web_{command} on {table} for {command} to ocgmap_web {rule}"
    yield from _all_for(table, ("ocgmap_owner", "ocgmap_worker"))


def _rules(condition: str) -> dict[str, str]:
    """Return the same condition for each command; never one policy for all."""
    return {
        "select": f"using ({condition})",
        "insert": f"with check ({condition})",
        "update": f"using ({condition}) with check ({condition})",
        "delete": f"using ({condition})",
    }


def _all_for(table: str, roles: Iterable[str]) -> Iterator[str]:
    for role in roles:
        for command, rule in _rules("true").items():
            name = f"{role.removeprefix('ocgmap_')}_{command}"
            yield f"drop policy if exists {name} on {table}"
            yield f"create policy {name} on {table} for {command} to {role} {rule}"


def _record_triggers(model: type[models.Model]) -> Iterator[str]:
    if is_history(model):
        return
    table = _table(model)
    if issubclass(model, ProtectedRecord):
        yield (
            f"create or replace trigger a_touch before insert or update on {table} "
            "for each row execute function ocgmap_touch()"
        )
    parents = [
        (field.column, _table(field.related_model)) for field in _parent_fields(model)
    ]
    yield from label_guard(table, parents)
    children = [
        f"'{_table(child)}', '{field.column}'"
        for child in protected_models()
        if not is_history(child)
        for field in _parent_fields(child)
        if field.related_model is model
    ]
    if children:
        yield (
            "create or replace trigger z_label_cascade after update of "
            f"access_class_id on {table} for each row "
            "when (old.access_class_id is distinct from new.access_class_id) "
            f"execute function ocgmap_label_cascade({', '.join(children)})"
        )
    if model._meta.label_lower in APPEND_ONLY:  # noqa: SLF001
        yield (
            "create or replace trigger a_append_only before delete or update of "
            f"{_content_columns(model)} on {table} for each row "
            "execute function ocgmap_append_only_but_disposal()"
        )
    if raised := RAISED.get(model._meta.label_lower):  # noqa: SLF001
        yield (
            "create or replace trigger a_raised before update of access_class_id "
            f"on {table} for each row "
            "when (old.access_class_id is distinct from new.access_class_id) "
            f"execute function {raised}()"
        )


def _content_columns(model: type[models.Model]) -> str:
    """Return all columns but the label and its book-keeping: labels may be raised."""
    kept = {"access_class_id", "version", "changed_at", "changed_by_id"}
    return ", ".join(
        str(field.column)
        for field in model._meta.fields  # noqa: SLF001
        if field.column not in kept
    )


def _parent_fields(model: type[models.Model]) -> list[Any]:
    names: tuple[str, ...] = getattr(model, "label_parents", ())
    return [model._meta.get_field(name) for name in names]  # noqa: SLF001


def _rows_of(model: type[models.Model], condition: str) -> Iterator[str]:
    table = _table(model)
    yield f"alter table {table} enable row level security"
    yield f"alter table {table} force row level security"
    for command, rule in _rules(condition).items():
        yield f"drop policy if exists web_{command} on {table}"
        yield f"create policy web_{command} on {table} for {command} to ocgmap_web {rule}"
    yield from _all_for(table, ("ocgmap_owner", "ocgmap_worker"))


def _audit_rules(table: str) -> Iterator[str]:
    yield f"alter table {table} enable row level security"
    yield f"alter table {table} force row level security"
    yield f"revoke all on {table} from ocgmap_web, ocgmap_worker"
    yield f"grant select on {table} to ocgmap_web, ocgmap_worker"
    yield f"drop policy if exists web_select on {table}"
    yield (
        f"create policy web_select on {table} for select to ocgmap_web "
        "using (current_setting('ocgmap.may_audit', true) = 'yes')"
    )
    if table == _table(AuditEvent):
        # Whoever could name a row's era could write where no batch of the seal comes.
        said = ", ".join(WRITTEN)
        yield f"grant insert ({said}) on {table} to ocgmap_web, ocgmap_worker"
        yield f"drop policy if exists web_insert on {table}"
        yield (
            f"create policy web_insert on {table} for insert to ocgmap_web "
            "with check (true)"
        )
    else:
        yield f"grant insert on {table} to ocgmap_worker"
    yield from _all_for(table, ("ocgmap_owner", "ocgmap_worker"))
    yield (
        "create or replace trigger append_only before update or delete "
        f"on {table} for each row execute function ocgmap_append_only()"
    )
    yield (
        "create or replace trigger append_only_truncate before truncate "
        f"on {table} for each statement execute function ocgmap_append_only()"
    )
