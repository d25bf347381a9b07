"""The many shapes of a network's picture. Load with ``{% load network_tags %}``.

Each is one line of SVG without choices of a template: a page may hold a thousand.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
Shape = Mapping[str, Any]
_NOTHING: Final = SafeString("")
_ENDED: Final = SafeString(' stroke-opacity="0.5"')
_DIRECTED: Final = SafeString(' marker-end="url(#net-arrow)"')
_BOLD: Final = SafeString(' font-weight="bold"')
_SUM: Final = SafeString(' data-sum="yes"')
_CENTRE: Final = SafeString(
    '<circle r="26" fill="none" stroke="#0b0c0c" stroke-width="1.5"></circle>'
)
_HARMED: Final = SafeString(
    '<circle r="23" fill="none" stroke="#b00c00" stroke-width="3" '
    'stroke-dasharray="5 3"></circle>'
)
_LINE: Final = (
    '<line x1="{}" y1="{}" x2="{}" y2="{}"{}{}{} data-a="{}" data-b="{}">'
    "<title>{}</title></line>"
)
_NODE: Final = (
    '<a href="{}" class="app-net__node" aria-label="{}" transform="translate({} {})" '
    'data-key="{}"{}>{}<use href="#net-{}"></use>{}{}{}</a>'
)
_NOTE: Final = '<text y="{}" fill="#b00c00" font-weight="bold" font-size="11">{}</text>'


@register.simple_tag
def network_lines(lines: Iterable[Shape]) -> SafeString:
    """Return the lines of one sort; a line's ends are numbers in the nodes' order."""
    return format_html_join(
        "",
        _LINE,
        (
            (
                line["x1"],
                line["y1"],
                line["x2"],
                line["y2"],
                _width(line["weight"]),
                _ENDED if line["is_ended"] else _NOTHING,
                _DIRECTED if line["is_directed"] else _NOTHING,
                line["a"],
                line["b"],
                line["title"],
            )
            for line in lines
        ),
    )


@register.simple_tag
def network_nodes(nodes: Iterable[Shape]) -> SafeString:
    """Return the nodes, each a link with its name, shape, words and rings."""
    return format_html_join(
        "",
        _NODE,
        (
            (
                node["url"],
                node["name"],
                node["x"],
                node["y"],
                node["key"],
                _SUM if node["is_sum"] else _NOTHING,
                _CENTRE if node["is_centre"] else _NOTHING,
                node["shape"],
                _HARMED if node["is_harmed"] else _NOTHING,
                _rows(node["rows"], _BOLD if node["is_centre"] else _NOTHING),
                format_html(_NOTE, node["note_y"], node["note"])
                if node["note"]
                else _NOTHING,
            )
            for node in nodes
        ),
    )


def _width(weight: int) -> SafeString:
    return _NOTHING if weight == 2 else format_html(' stroke-width="{}"', weight)


def _rows(rows: Iterable[Shape], bold: SafeString) -> SafeString:
    return format_html_join(
        "",
        '<text y="{}"{}>{}</text>',
        ((row["y"], bold, row["text"]) for row in rows),
    )
