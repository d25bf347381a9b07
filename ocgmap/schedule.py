"""What beat does and how often: in code, so that it is reviewed."""

from typing import Any

from celery.schedules import crontab


def beat_schedule(drain_seconds: int) -> dict[str, dict[str, Any]]:
    """Return the schedule; ``drain_seconds`` is the longest wait without any hint."""
    return {
        "drain": {
            "task": "scoring.drain",
            "schedule": float(drain_seconds),
            "options": {"expires": drain_seconds * 2},
        },
        "imports of returns": {
            "task": "intelligence.work_off_imports",
            "schedule": float(drain_seconds),
            "options": {"expires": drain_seconds * 2},
        },
        "comparisons of versions": {
            "task": "scoring.work_off_what_ifs",
            "schedule": float(drain_seconds),
            "options": {"expires": drain_seconds * 2},
        },
        "sweep evidence windows": {
            "task": "scoring.sweep_windows",
            "schedule": 3600.0,
        },
        "second scorings": {
            "task": "scoring.draw_second_scorings",
            "schedule": 3600.0,
        },
        "audit partitions": {
            "task": "accounts.ensure_audit_partitions",
            "schedule": 86_400.0,
        },
        "forget ended sessions": {
            "task": "accounts.forget_sessions",
            "schedule": 3600.0,
        },
        # The sealer runs by itself; this tells when it does not.
        "watch the seal": {
            "task": "accounts.watch_the_seal",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "sharing that is over": {
            "task": "intelligence.sweep_sharing",
            "schedule": 86_400.0,
        },
        "forget old drafts": {
            "task": "groups.forget_drafts",
            "schedule": 86_400.0,
        },
        # Its rows say who was sent what; asking often only lets nobody wait.
        "daily emails": {
            "task": "scoring.send_digests",
            "schedule": 300.0,
            "options": {"expires": 300},
        },
        # At night, when few work; by the clock of London.
        "reconcile": {
            "task": "scoring.reconcile",
            "schedule": crontab(hour="3", minute="15"),
            "options": {"expires": 3600},
        },
    }
