"""Actions say who acts, by name only, and leave an audit row."""

from collections.abc import Collection, Iterable

from tests.structure.action_calls import Action, auditing, read_actions, writing

# Writing functions that take no `by`, each with the reason. Full names only: a prefix
# would let a new action slip through.
WITHOUT_ACTOR = {
    "accounts.actions.audiences.refresh": "follows from placements; the system acts",
    "accounts.actions.labels.intern": "a label is a value, no record: made once for all",
    "accounts.actions.labels.join_of": "as intern",
    "accounts.actions.compartments.open_one": "an operator's command; it says why",
    "accounts.actions.reference.load": "reference data, loaded by an operator's command",
    "accounts.actions.sessions.end_but": "follows from a new password, or end_others",
    "accounts.actions.sessions.forget_ended": "as with drafts",
    "accounts.actions.sessions.over": "follows from the limits of the role",
    "accounts.actions.sessions.touch": "notes the last use of the session that calls",
    "accounts.actions.tokens.create": "an operator's command; `user` is whose it is",
    "accounts.actions.tokens.touch": "notes the last use of the token that calls",
    "groups.actions.entry_drafts.forget_old": "an operator's command, on a schedule",
    "groups.actions.pasted_lists.forget_old": "as with drafts",
    "groups.actions.records.class_chosen": "a part of actions; its viewer acts",
    "groups.actions.records.class_of_child": "a part of actions; its viewer acts",
    "groups.actions.records.new_fact": "a part of actions; its viewer acts",
    "groups.actions.records.swap": "a part of actions; its viewer acts",
    "groups.actions.reference.load": "reference data, loaded by an operator's command",
    "intelligence.actions.import_work.clear_ended": "empties what ended imports left",
    "intelligence.actions.import_work.step": "acts as the person whom the job runs as",
    "intelligence.actions.import_work.work": "acts as the person whom the job runs as",
    "intelligence.actions.mentions.write": "a part of reports.submit, after its checks",
    "intelligence.actions.own_only.sweep": "what was set comes to its day; the system acts",
    "intelligence.actions.own_only.usual_class": "a label is a value, no record",
    "intelligence.actions.mentions.write_claims": "a part of reports.submit",
    "scoring.actions.digests.claim": "the service's own log of its mails",
    "scoring.actions.digests.queue_due": "the service's own log of its mails",
    "scoring.actions.digests.settle": "the service's own log of its mails",
    "scoring.actions.second_scorings.draw": "chosen by a number, on a schedule",
    "scoring.actions.reference.load_schemes": "published schemes, loaded by a command",
    "scoring.actions.schemes.adopt": "an operator's command; it says why",
    "scoring.actions.schemes.load": "an operator's command; it scores nothing",
    "scoring.actions.what_if_work.clear_old": "takes away what was kept long enough",
    "scoring.actions.what_if_work.step": "acts as the person who asked",
    "scoring.actions.what_if_work.work": "acts as the person who asked",
}
# Writing functions that leave no audit row of their own.
WITHOUT_AUDIT = {
    "accounts.actions.columns.choose": "how a list looks to one account; no record",
    "accounts.actions.labels.class_for": "a label is a value, no record",
    "accounts.actions.large_exports.take_out": "the page audits each record that leaves",
    "accounts.actions.shortcuts.switch": "how keys work for one account; no record",
    "accounts.actions.labels.intern": "a label is a value, no record",
    "accounts.actions.labels.join_of": "a label is a value, no record",
    "accounts.actions.sent_forms.note": "book-keeping of forms; the action audits",
    "accounts.actions.sessions.forget_ended": "what is deleted had ended by its date",
    "accounts.actions.sessions.touch": "each page of a session is audited as such",
    "accounts.actions.tokens.touch": "each call of a token is audited as what it reads",
    "groups.actions.entry_drafts.save": "every few seconds; start, reading and end audit",
    "groups.actions.records.class_chosen": "a part of actions that audit",
    "groups.actions.records.class_of_child": "a part of actions that audit",
    "groups.actions.records.new_fact": "a part of actions that audit",
    "groups.actions.records.swap": "a part of actions that audit",
    "intelligence.actions.mentions.write": "a part of reports.submit, which audits",
    "intelligence.actions.own_only.usual_class": "a label is a value, no record",
    "intelligence.actions.reports.check": "a trial; all it may make is a label",
    "intelligence.actions.mentions.write_claims": "a part of reports.submit",
    "scoring.actions.digests.choose": "whether one account wants mail; no record",
    "scoring.actions.digests.claim": "a mail names no record; its log is the evidence",
    "scoring.actions.digests.queue_due": "as claim",
    "scoring.actions.digests.settle": "as claim",
}


def public_writes() -> dict[str, Action]:
    """Return every public function of an actions module that changes rows."""
    actions = read_actions()
    wanted = writing(actions)
    return {n: one for n, one in actions.items() if one.is_public and n in wanted}


def check(found: Iterable[str], listed: Collection[str], cure: str) -> None:
    """Assert that just what is listed was found."""
    found = set(found)
    assert not found - set(listed), f"{cure}: {sorted(found - set(listed))}"
    stale = sorted(set(listed) - found)
    assert not stale, f"these need no exception any more, take them out: {stale}"


def test_the_guard_sees_the_actions_that_matter() -> None:
    found = public_writes()
    assert len(found) > 35
    assert {
        "scoring.actions.judgements.judge",
        "scoring.actions.bands.confirm",
        "intelligence.actions.reports.submit",
        "intelligence.actions.networks.take",
        "groups.actions.facts.end",
    } <= found.keys()
    assert "groups.actions.groups.check_review" not in found, "it writes nothing"


def test_every_action_says_who_acts() -> None:
    nobody = [
        n for n, one in public_writes().items() if "by" not in one.parameters()[1]
    ]
    cure = "take `by: Viewer`, keyword-only, or list it by full name with the reason"
    check(nobody, WITHOUT_ACTOR, cure)


def test_every_action_is_called_by_name() -> None:
    checked = 0
    for name, action in public_writes().items():
        if name not in WITHOUT_ACTOR and name not in WITHOUT_AUDIT:
            by_place, _by_name = action.parameters()
            assert not by_place, f"{name}: make {sorted(by_place)} keyword-only"
            checked += 1
    assert checked > 25


def test_every_action_leaves_an_audit_row() -> None:
    audited = auditing(read_actions())
    silent = [name for name in public_writes() if name not in audited]
    check(
        silent, WITHOUT_AUDIT, "end it with audit.record(…), or list it with a reason"
    )
