"""The last step: say in the register of returns what came in each."""

from django.db import connection

from accounts import audit
from accounts.models.audit_event import AuditKind

# Only reports of labels that every reader of the return may know of are counted, as
# `intelligence.actions.returns.open_to_readers` has it: not those of the own
# organisation, and none in a compartment.
_COUNT = """
update intelligence_return e
set counts = jsonb_build_object('reports', (
    select count(*) from intelligence_report r
    join accounts_accessclass c on c.id = r.access_class_id
    where r.returned_in_id = e.id and not exists (
        select from accounts_tag t
        where t.id = any(c.requires) and t.kind in ('organisation', 'compartment'))))
where e.received_at is not null and not e.is_nil and e.counts = '{}'
returning e.id
"""


def count_what_came() -> None:
    """Fill in the counts of every return that was received and has none."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT)
        counted = [pk for (pk,) in cursor.fetchall()]
    audit.record(
        AuditKind.ALTERATION,
        "intelligence.Return",
        counted,
        reason="Synthetic nation: what came in each return",
        detail={"fields": ["counts"]},
    )
