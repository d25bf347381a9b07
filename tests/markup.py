"""Read rendered HTML well enough to check ids, references and what is inline."""

from collections import Counter
from html.parser import HTMLParser

REFERENCES = ("aria-describedby", "aria-labelledby", "aria-controls", "for")


class Markup(HTMLParser):
    """The tags and the text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        """Return the attributes of every such tag; `_` in a name stands for `-`."""
        pairs = {name.rstrip("_").replace("_", "-"): v for name, v in wanted.items()}
        return [
            attrs
            for name, attrs in self.tags
            if name == tag and all(attrs.get(key) == v for key, v in pairs.items())
        ]

    def faults(self) -> list[str]:
        """Return what the policy or a screen reader would stumble over."""
        ids = Counter(attrs["id"] for _, attrs in self.tags if "id" in attrs)
        found = [f"id {name} stands {n} times" for name, n in ids.items() if n > 1]
        for tag, attrs in self.tags:
            found += [
                f"{tag} {key} names no id {name}"
                for key in REFERENCES
                for name in attrs.get(key, "").split()
                if name not in ids
            ]
            if tag in {"style", "script"} and "src" not in attrs:
                found.append(f"inline {tag}")
            found += [
                f"{tag} has {key}" for key in attrs if key == "style" or key[:2] == "on"
            ]
            told = {"alt", "aria-hidden"} | (
                {"aria-label"} if "role" in attrs else set()
            )
            if tag in {"img", "svg"} and not told & set(attrs):
                found.append(f"{tag} has neither alt nor aria-hidden nor a name")
        return found


def filled_in(html: str) -> dict[str, str]:
    """Return what a browser would send of the inputs as they stand, texts left out."""
    page = Markup(html)
    return {
        one["name"]: one.get("value", "")
        for one in page.all("input")
        if one.get("name")
        and (one.get("type") not in {"radio", "checkbox"} or "checked" in one)
    }
