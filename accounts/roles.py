"""Which rights hang on which role: the one table. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Right(StrEnum):
    """What an account may do; seeing a record is a matter of its label besides."""

    VIEW = "view"
    CONTRIBUTE = "contribute"
    READ_ORIGINAL = "read_original"
    GRADE = "grade"
    ASSURE = "assure"
    MODERATE = "moderate"
    CONFIRM = "confirm"
    APPROVE = "approve"
    EXPORT = "export"
    AUDIT = "audit"
    ADMINISTER_ACCOUNTS = "administer_accounts"
    DISPOSE = "dispose"


class Role(StrEnum):
    """The base roles of the first version."""

    FORCE_ANALYST = "force_analyst"
    FORCE_SUPERVISOR = "force_supervisor"
    ROCU_ANALYST = "rocu_analyst"
    ROCU_LEAD = "rocu_lead"
    INTELLIGENCE_ASSURER = "intelligence_assurer"
    NCA_OFFICER = "nca_officer"
    PARTNER_READER = "partner_reader"
    RECORDS_MANAGER = "records_manager"
    AUDITOR = "auditor"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SERVICE = "service"


_ANALYST = frozenset({Right.VIEW, Right.CONTRIBUTE, Right.GRADE, Right.READ_ORIGINAL})

RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.FORCE_ANALYST: _ANALYST,
        Role.FORCE_SUPERVISOR: _ANALYST | {Right.CONFIRM, Right.APPROVE, Right.EXPORT},
        Role.ROCU_ANALYST: _ANALYST,
        Role.ROCU_LEAD: _ANALYST
        | {Right.MODERATE, Right.CONFIRM, Right.APPROVE, Right.EXPORT},
        Role.INTELLIGENCE_ASSURER: _ANALYST | {Right.ASSURE},
        Role.NCA_OFFICER: _ANALYST | {Right.EXPORT},
        Role.PARTNER_READER: frozenset({Right.VIEW}),
        Role.RECORDS_MANAGER: frozenset({Right.VIEW, Right.DISPOSE}),
        Role.AUDITOR: frozenset({Right.AUDIT}),
        Role.SYSTEM_ADMINISTRATOR: frozenset({Right.ADMINISTER_ACCOUNTS}),
        Role.SERVICE: frozenset({Right.VIEW, Right.CONTRIBUTE, Right.GRADE}),
    }
)
