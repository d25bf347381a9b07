"""What the web may do beyond reading, by model label; the rest it only reads."""

WEB_WRITES: dict[str, str] = {
    "accounts.browsersession": "insert, update, delete",
    "accounts.user": "update (password, last_login, shortcuts_off, list_columns)",
    "accounts.apitoken": "update (last_used_at)",
    "accounts.searchterm": "insert, update, delete",
    "accounts.sentform": "insert, delete",
    "accounts.pastedlist": "insert, update (taken_at, taken_size), delete",
    "accounts.membershipproposal": "insert, update (state, decided_at, decided_by_id)",
    "accounts.subject": "insert",
    "accounts.largeexport": "insert, update (state, decided_at, decided_by_id)",
    "intelligence.sightrequest": "insert",
    "intelligence.sightmatch": (
        "update (access_class_id, state, until_at, decided_at, decided_by_id, "
        "decision_reason)"
    ),
    "groups.savedsearch": "insert, update, delete",
    "groups.savedchart": "insert, update, delete",
    "groups.moderationrule": "insert",
    "groups.reviewrule": "insert",
    "groups.steprule": "insert",
    "groups.entrydraft": "insert, update, delete",
    "account.emailaddress": "insert, update, delete",
    "account.emailconfirmation": "insert, update, delete",
    "mfa.authenticator": "insert, update, delete",
    "axes.accessattempt": "insert, update, delete",
    "axes.accessattemptexpiration": "insert, update, delete",
    "axes.accesslog": "insert, update",
    "axes.accessfailurelog": "insert",
    "intelligence.importfile": "insert",
    "intelligence.importoutcome": "insert",
    "intelligence.importpart": "insert",
    "intelligence.reportoriginal": "insert",
    "intelligence.assurance": "insert",
    "intelligence.disposalcertificate": "",
    "intelligence.assurancerule": "insert",
    "intelligence.processingrestriction": (
        "insert, update (access_class_id, lifted_at, lifted_by_id, lifted_reason)"
    ),
    "intelligence.correctionnotice": (
        "update (acknowledged_at, acknowledged_by_id, sent_at, sent_by_id)"
    ),
    "scoring.judgementcitation": "insert",
    "scoring.notecitation": "insert",
    "scoring.requirementanswer": "insert",
    "scoring.assessment": "",
    "scoring.secondscoring": "",
    "scoring.calibrationanswer": "insert",
    "scoring.pictureline": "",
    "scoring.receipt": "",
    "scoring.watch": "insert, update (read_until, found), delete",
    "scoring.searchpin": "insert, delete",
    "scoring.digestchoice": "insert, update (hour), delete",
    "scoring.delivery": "",
    "scoring.whatif": "insert, update, delete",
    "scoring.whatifresult": "insert, delete",
}
