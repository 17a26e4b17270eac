"""The page of a history as one file: its template, style sheet and script, and the policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import Any

import msgspec

from secdefs.history.answers import Course
from secdefs.site.data import page_data


def history_page(course: Course, *, names_of_officials: bool = True) -> str:
    """A code's history as a page of HTML that needs no other file and no network. The same course gives the same page.

    Without `names_of_officials` those who signed the letters are not named in it, nor in what it quotes of the letters.
    """
    import jinja2  # only pages need it
    from markupsafe import Markup

    folder = files("secdefs.site").joinpath("templates")
    shared = files("secdefs.write").joinpath("templates", "redline.css").read_text(encoding="utf-8")
    style = shared + folder.joinpath("site.css").read_text(encoding="utf-8")
    script = folder.joinpath("site.js").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    data = page_data(course, names_of_officials=names_of_officials)
    return environment.from_string(folder.joinpath("site.html").read_text(encoding="utf-8")).render(
        title=data["title"],
        policy="; ".join(
            (
                "default-src 'none'",
                f"script-src {_hash(script)}",
                f"style-src {_hash(style)}",
                "base-uri 'none'",
                "form-action 'none'",
            )
        ),
        style=Markup(style),
        script=Markup(script),
        data=Markup(embedded(data)),
    )


def embedded(data: dict[str, Any]) -> str:
    """Data as JSON that can stand in a page: nothing in it ends the element that it stands in, or begins another."""
    text = msgspec.json.encode(data).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
