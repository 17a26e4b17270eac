"""What the codes of findings mean: a page for each, read from `explain.toml`."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import msgspec

from secdefs.findings import severity
from secdefs.write.terminal import Look, wrap


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one code means: in a few words, in full, as an example, and what a person can do about it.

    `means` and `remedy` are paragraphs parted by an empty line; `example` is shown line for line. `severity` is said
    where a finding of this code may be graver or lighter than its number tells.
    """

    title: str
    means: str
    remedy: str
    example: str | None = None
    severity: str | None = None


def pages() -> dict[str, Page]:
    """Every page by its code, in the order of the codes."""
    text = files("secdefs").joinpath("explain.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Page])


def page(code: str, look: Look) -> str | None:
    """The page of a code ("SD202", "sd202" or "202") as a terminal shows it; None where there is no such code."""
    code = "SD" + code.upper().removeprefix("SD")
    if (found := pages().get(code)) is None:
        return None
    lines = [look.paint(line, "bold") for line in wrap(f"{code} {found.title}", look.width)]
    lines += [look.paint(f"severity: {found.severity or severity(code)}", "dim"), "", *_paragraphs(found.means, look)]
    if found.example:
        lines += ["", look.paint("Example", "bold")]
        for line in found.example.strip("\n").split("\n"):
            text = line.lstrip(" ")
            indent = " " * (2 + len(line) - len(text)) if text else ""
            lines += wrap(text, look.width, indent, indent + "  ")
    lines += ["", look.paint("Remedy", "bold"), *_paragraphs(found.remedy, look)]
    return "\n".join(lines)


def contents(look: Look) -> str:
    """The list of all codes, each with its title."""
    lines = [
        line for code, found in pages().items() for line in wrap(f"{code} {found.title}", look.width, rest=" " * 6)
    ]
    return "\n".join(lines)


def _paragraphs(text: str, look: Look) -> list[str]:
    paragraphs = (" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))
    return [line for paragraph in paragraphs for line in ["", *wrap(paragraph, look.width, "  ")]][1:]
