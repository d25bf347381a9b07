"""The site's own WSGI entry, with the switch between its COMMIT and its hint."""

from ocgmap.common import queues
from ocgmap.wsgi import application as site
from tests.fault.switch import die_if_set, signed

__all__ = ["application"]

_send = queues._send


def _die_or_send(task_name: str, args: tuple[int, ...]) -> None:
    die_if_set()
    _send(task_name, args)


queues._send = _die_or_send
application = signed(site)
