"""Forms as GOV.UK components: labels, hints, errors and what stays typed."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import get_default_renderer
from django.http import QueryDict

from ocgmap.common.date_fields import GovukDateField, PreciseDateField
from ocgmap.common.errors import AppError
from ocgmap.common.form_rows import unjudged, with_extra_row
from ocgmap.common.forms import (
    ErrorLink,
    GovukCheckboxes,
    GovukForm,
    GovukRadios,
    GovukRenderer,
    LongTextField,
    error_links,
)
from tests.markup import Markup

HANDLING = [("P", "Permitted"), ("C", "With conditions")]


class Report(GovukForm):
    name = forms.CharField(label="Name", help_text="As it was given.", max_length=9)
    text = LongTextField(label="Text", max_length=20, required=False)
    amount = forms.IntegerField(label="Amount", min_value=1, required=False)
    contact = forms.EmailField(label="Contact", required=False)
    password = forms.CharField(widget=forms.PasswordInput, required=False)
    force = forms.ChoiceField(label="Force", choices=[("", "–"), ("d", "Durham")])
    handling = forms.ChoiceField(
        label="Handling",
        help_text="Who may have it.",
        choices=HANDLING,
        widget=GovukRadios(hints={"C": "Say who."}, reveals={"C": ["condition"]}),
    )
    condition = forms.CharField(label="Condition", required=False)
    threats = forms.MultipleChoiceField(
        label="Threats", choices=[("f", "Firearms")], widget=GovukCheckboxes()
    )
    day = GovukDateField(label="Received")
    event = PreciseDateField(label="Event", required=False)
    original = forms.FileField(label="Original")
    agree = forms.BooleanField(label="I agree", help_text="Needed.")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.fixture(name="blank")
def _blank() -> Markup:
    return Markup(Report().render())


@pytest.fixture(name="refused")
def _refused() -> Report:
    return Report({"name": "<b>too long & bold</b>", "amount": "0", "force": "zz"})


def test_settings_use_the_renderer() -> None:
    assert isinstance(get_default_renderer(), GovukRenderer)


@pytest.mark.parametrize("data", [None, {}], ids=["unbound", "refused"])
def test_form_is_well_linked(data: dict[str, str] | None) -> None:
    assert Markup(Report(data).render()).faults() == []


def test_every_visible_input_has_a_label(blank: Markup) -> None:
    labelled = {label["for"] for label in blank.all("label")}
    inputs = [
        attrs["id"]
        for tag, attrs in blank.tags
        if tag in {"input", "select", "textarea"} and attrs.get("type") != "hidden"
    ]

    assert inputs
    assert set(inputs) == labelled


def test_hint_and_error_describe_the_input(refused: Report) -> None:
    [name] = Markup(refused.render()).all("input", id="id_name")

    assert name["aria-describedby"] == "id_name_helptext id_name_error"
    assert name["aria-invalid"] == "true"
    assert "govuk-input--error" in name["class"]


def test_group_is_described_as_one(refused: Report) -> None:
    markup = Markup(refused["handling"].as_field_group())

    assert markup.all(
        "fieldset", aria_describedby="id_handling_helptext id_handling_error"
    )
    assert not any("aria-invalid" in attrs for _, attrs in markup.tags)


def test_choice_carries_its_hint_and_reveals_its_field(blank: Markup) -> None:
    [choice] = blank.all("input", id="id_handling_1")

    assert choice["aria-describedby"] == "id_handling_1_hint"
    assert len(blank.all("div", class_="govuk-radios__conditional")) == 1
    assert len(blank.all("input", name="condition")) == 1


def test_counter_describes_a_long_text(blank: Markup) -> None:
    [text] = blank.all("textarea")

    assert text["aria-describedby"] == "id_text-info"
    assert "govuk-js-character-count" in text["class"]
    assert blank.all("div", data_module="govuk-character-count", data_maxlength="20")


def test_browser_decides_nothing(blank: Markup) -> None:
    forbidden = {"required", "maxlength", "min", "max", "step", "placeholder"}

    assert not [attrs for _, attrs in blank.tags if forbidden & set(attrs)]


def test_optional_field_says_so_and_a_required_one_does_not(blank: Markup) -> None:
    assert "Amount (optional)" in blank.text
    assert "Name (optional)" not in blank.text


def test_typed_text_survives_a_refusal(refused: Report) -> None:
    markup = Markup(refused.render())

    assert markup.all("input", id="id_name", value="<b>too long & bold</b>")
    assert markup.all("input", id="id_amount", value="0")


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("name", "Name must have 9 characters or fewer; it has 22. Shorten it."),
        ("amount", "Amount must be 1 or more. Enter a larger number."),
        ("force", "Force has no option “zz”. Choose one that the list offers."),
        ("handling", "Select an option for “Handling”."),
        ("threats", "Select at least one option for “Threats”."),
        ("original", "Original is missing. Choose a file."),
        ("agree", "“I agree” must be ticked. Tick it to go on."),
    ],
)
def test_error_names_field_rule_and_cure(
    refused: Report, field: str, message: str
) -> None:
    assert refused.errors[field] == [message]


def test_author_of_a_field_has_the_last_word() -> None:
    class Own(GovukForm):
        name = forms.CharField(error_messages={"required": "Say who."})

    assert Own({}).errors["name"] == ["Say who."]


def test_label_with_a_percent_sign_is_no_format() -> None:
    class Share(GovukForm):
        share = forms.CharField(label="100% share", max_length=1)

    assert Share({}).errors["share"][0].startswith("100% share must be")
    assert Share({"share": "22"}).errors["share"][0].startswith("100% share must have")


def test_line_breaks_count_as_one_character() -> None:
    class Text(GovukForm):
        text = LongTextField(max_length=3)

    form = Text({"text": "a\r\nb"})

    assert form.is_valid()
    assert form.cleaned_data == {"text": "a\nb"}


def test_error_summary_leads_to_the_first_input_of_each_field(refused: Report) -> None:
    anchors = [link.anchor for link in error_links(refused)]
    ids = {attrs.get("id") for _, attrs in Markup(refused.render()).tags}

    assert anchors[:3] == ["id_name", "id_amount", "id_force"]
    assert "id_handling_0" in anchors
    assert "id_day_0" in anchors
    assert set(anchors) <= ids


def test_error_summary_leads_to_the_wrong_box_of_a_date() -> None:
    form = Report({"day_day": "1", "day_month": "13", "day_year": "2025"})
    markup = Markup(form["day"].as_field_group())

    assert [x.anchor for x in error_links(form) if "Received" in x.message] == [
        "id_day_1"
    ]
    assert "govuk-input--error" in markup.all("input", id="id_day_1")[0]["class"]
    assert "govuk-input--error" not in markup.all("input", id="id_day_0")[0]["class"]


def test_rule_of_an_action_stands_beside_its_field() -> None:
    form = Report({})
    form.add_app_error(AppError("Taken.", field="name", cure="Choose another."))
    form.add_app_error(AppError("Too late.", field="elsewhere"))

    assert "Taken. Choose another." in form.errors["name"]
    assert [str(text) for text in form.non_field_errors()] == ["Too late."]
    assert error_links(form)[0] == ErrorLink("Too late.")


class Alias(GovukForm):
    name = forms.CharField(label="Alias", max_length=5)


def posted(**data: str) -> Any:
    query = QueryDict(mutable=True)
    query.update({"a-TOTAL_FORMS": "1", "a-INITIAL_FORMS": "0", **data})
    return query


def test_row_is_added_without_scripts_and_without_judging() -> None:
    data = posted(**{"add_row": "a", "a-0-name": "far too long"})
    aliases = forms.formset_factory(Alias)(with_extra_row(data), prefix="a")
    unjudged(aliases)
    markup = Markup("".join(form.render() for form in aliases))

    assert markup.all("input", name="a-0-name", value="far too long")
    assert markup.all("input", name="a-1-name")
    assert error_links(aliases) == []
    assert data["a-TOTAL_FORMS"] == "1"


@pytest.mark.parametrize("total", ["9" * 4, "9" * 5000, "²", "-1", "x"])
def test_a_row_count_that_cannot_be_is_no_fault_of_ours(total: str) -> None:
    data = posted(**{"add_row": "a", "a-0-name": "Al", "a-TOTAL_FORMS": total})
    aliases = forms.formset_factory(Alias)(with_extra_row(data), prefix="a")
    unjudged(aliases)
    assert len(aliases.forms) <= aliases.absolute_max


def test_null_character_is_refused_by_name_with_rule_and_cure() -> None:
    form = Report({"name": "a\0b"})
    [message] = form.errors["name"]
    assert message.startswith("Name holds characters that are not text")
    assert message.endswith("type it again.")


def test_error_summary_takes_formsets() -> None:
    data = posted(**{"a-0-name": "far too long"})
    aliases = forms.formset_factory(Alias)(data, prefix="a")

    assert [link.anchor for link in error_links(aliases)] == ["id_a-0-name"]
