"""Pages of what regions ask for before a step: every rule, and setting one."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from groups.actions import step_rules
from groups.forms.body_rules import StepRuleForm
from groups.guards import WORDS, demand_of
from groups.models import StepRule
from groups.views import body_rules
from groups.views.body_rules import RuleBook


def _about(rule: StepRule) -> str:
    return f"{rule.step}: {WORDS[demand_of(rule.demand)].needs}"


RULES = RuleBook(
    model=StepRule,
    title="Rules of steps",
    meaning="What a region asks for before a step of its groups, beyond what holds for "
    "all. It may ask for more, and leave the step to fewer people; never for less.",
    column="Needed",
    none="No rule was ever set: what holds for all is enough.",
    question="Does the step need it?",
    hints={
        "true": "The step is refused where it is missing, and says so.",
        "false": "What holds for all is enough again.",
    },
    list_url="groups:step_rules",
    new_url="groups:new_step_rule",
    form=StepRuleForm,
    set_rule=step_rules.set_rule,
    about=("Step and what it needs", _about),
)


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Show every rule of a step, the newest first."""
    return body_rules.rules(request, RULES)


@require_http_methods(["GET", "HEAD", "POST"])
def new_rule(request: HttpRequest) -> HttpResponse:
    """Say that a step of the reader's region needs one more thing, or no longer."""
    return body_rules.new_rule(request, RULES)
