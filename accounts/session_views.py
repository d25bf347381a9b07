"""Where one is signed in, how long that lasts, and ending it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts import gate
from accounts.actions import sessions as session_actions
from accounts.forms import AccountForm
from accounts.lasting import left_of
from accounts.models import User
from accounts.permissions import can, check_has
from accounts.roles import Right, Role
from accounts.session_limits import LIMITS
from ocgmap.common.errors import AppError
from ocgmap.common.forms import error_links


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """List the reader's running sessions, and say how long one lasts."""
    by = gate.asker(request)
    idle, absolute = LIMITS[by.role].texts
    context = {
        "sessions": session_actions.own(by, this=_key(request)),
        "idle": idle,
        "absolute": absolute,
        "may_administer": can(check_has, by, Right.ADMINISTER_ACCOUNTS),
    }
    return render(request, "accounts/sessions.html", context)


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End one of the reader's other sessions."""
    by = gate.asker(request)
    session_actions.end(by=by, handle=request.POST.get("session", ""))
    messages.success(request, "That session has ended")
    return redirect("accounts:sessions")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all of the reader's sessions but this one."""
    by = gate.asker(request)
    session_actions.end_others(by=by, this=_key(request))
    messages.success(request, "Your other sessions have ended")
    return redirect("accounts:sessions")


@require_http_methods(["GET", "HEAD", "POST"])
def of_account(request: HttpRequest) -> HttpResponse:
    """Let whoever manages accounts end all sessions of one.

    Raises:
        RightMissing: the reader does not manage accounts.
    """
    by = gate.asker(request)
    check_has(by, Right.ADMINISTER_ACCOUNTS)
    form = AccountForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            ended = session_actions.end_all_of(by=by, email=email)
        except AppError as error:
            form.add_error("email", error.message)
        else:
            messages.success(request, f"Sessions of {email} that have ended: {ended}")
            return redirect("accounts:sessions_of")
    links = error_links(form)
    context = {"form": form, "links": links, "is_in_error": bool(links)}
    return render(request, "accounts/sessions_of.html", context)


@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """Say how many seconds are left without activity; asking plainly is activity."""
    gate.asker(request)
    user = request.user
    if not isinstance(user, User):
        return JsonResponse({"seconds": 0})
    if getattr(request, "session_used", ""):
        return JsonResponse({"seconds": LIMITS[Role(user.role)].idle_seconds})
    seconds, _ = left_of(request, user)
    return JsonResponse({"seconds": int(seconds)})


def _key(request: HttpRequest) -> str:
    return str(request.session.session_key)
