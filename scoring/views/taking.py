"""A form that is sent does its step once, or is shown again with what is wrong."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.actions import sent_forms
from accounts.forms import sending_of
from ocgmap.common.errors import AppError
from ocgmap.common.forms import GovukForm
from scoring.views.asking import reader


def taken(
    request: HttpRequest,
    form: GovukForm,
    *,
    address: str,
    text: str,
    step: Callable[[], object],
) -> HttpResponse | None:
    """Take a valid form's step once and lead on; None where it is to be shown again.

    Raises:
        AppError: a right or a record is missing, which is no matter of the form.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    by = reader(request)
    sending = sending_of(request, by)
    try:
        if not sent_forms.led_to(by=by, sending=sending):
            step()
            sent_forms.note(by=by, sending=sending, address=address)
    except AppError as error:
        if error.status in {403, 404} and not error.field:
            raise
        form.add_app_error(error)
        return None
    messages.success(request, text)
    return redirect(address)
