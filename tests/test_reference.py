"""The pages that are made of the code and the grammar say all that there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import secdefs
from reference import commands, library
from secdefs.cli import main

ROOT = Path(__file__).resolve().parents[1]


def test_every_command_and_every_option_is_on_its_page() -> None:
    page = commands.page()

    for name, command in main.commands.items():
        assert f"\n## secdefs {name}\n" in page
        section = page.partition(f"\n## secdefs {name}\n")[2].partition("\n## ")[0]
        for each in command.params:
            if not commands.COMMON & set(each.opts) and each.param_type_name == "option":
                assert all(opt in section for opt in each.opts), (name, each.opts)


def test_every_exit_status_of_the_command_line_is_on_its_page() -> None:
    from secdefs.commands import group

    assert {group.ERROR, group.UNREADABLE, group.FAULT, group.INTERRUPTED} <= commands.STATUSES.keys()


def test_every_public_name_has_its_section() -> None:
    page = library.page()

    for name in secdefs.__all__:
        if not name.startswith("__"):
            assert f"\n## {name} {{#{name}}}\n" in page
    assert "secdefs.model." not in page


def test_every_rule_and_phrase_of_the_grammar_is_drawn() -> None:
    pytest.importorskip("railroad")
    from reference import railroads

    for name, page in railroads.pages():
        written = (ROOT / "grammar" / f"{name}.lark").read_text("utf-8")
        names = re.findall(r"^(?:%\w+ )?([A-Za-z_]+)(?:\.\d+)?:", written, re.M)
        assert len(names) > 5
        assert page.count("<svg") == len(names)
        for each in names:
            assert f"<code>{each}</code>" in page


def test_what_python_takes_out_of_alternatives_is_put_back() -> None:
    pytest.importorskip("railroad")
    from reference import railroads

    drawn = railroads.diagram("A: /in order (?:to|that)/i\n", {})

    assert re.findall(r"<text[^>]*>([^<]+)</text>", drawn) == ["in order", "to", "that"]


def test_every_link_of_a_diagram_leads_to_something() -> None:
    pytest.importorskip("railroad")
    from reference import railroads

    pages = dict(railroads.pages())
    for page in pages.values():
        for name, anchor in set(re.findall(r'xlink:href="(\w+)\.html#([\w-]+)"', page)):
            assert f'id="{anchor}"' in pages[name]
