"""What a browser sends from the page that asks which of two texts is kept."""

from typing import Any


def chosen_on(answer: Any, **sides: str) -> dict[str, Any]:
    """Return what the page would send: hidden fields, and the choices as they stand."""
    sent: dict[str, Any] = {}
    for name, value in answer.context["typed"]:
        sent.setdefault(name, []).append(value)
    sent |= {name: answer.context[name] for name in ("opened", "version")}
    sent["entry"] = answer.context["ticket"]
    for one, _, field in answer.context["differences"]:
        if field.value():
            sent[f"keep-{one.key}"] = str(field.value())
    return sent | {f"keep-{key}": side for key, side in sides.items()}
