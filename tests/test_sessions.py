"""Every command that the documents show does what they say it does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="the sessions are run on a terminal, as POSIX systems have it")

import sessions

BLOCK = re.compile(r"^ *```(?P<info>[^\n`]*)\n(?P<body>.*?)^ *```$", re.M | re.S)


@pytest.mark.slow
@pytest.mark.parametrize("page", sessions.pages(), ids=lambda page: str(page.relative_to(sessions.ROOT)))
def test_the_commands_of_a_page_do_what_it_says(page: Path) -> None:
    wrong = [str(done) for done in sessions.carried_out(page.read_text("utf-8")) if not done.right]

    assert not wrong, "\n\n".join(wrong) + "\n\npython3 run docs --renew writes what is printed now"


def test_what_is_printed_otherwise_is_told() -> None:
    page = "```console\n$ echo one\none\n$ echo two; false  # status 1\nthree\n$ echo 4\n4\n```\n"

    assert [done.right for done in sessions.carried_out(page)] == [True, False, True]


def test_a_status_that_is_not_said_is_told() -> None:
    page = "```console\n$ false\n$ true  # status 1\n$ (exit 3)  # status 3\n```\n"

    assert [done.right for done in sessions.carried_out(page)] == [False, False, True]


def test_three_dots_stand_for_any_lines_or_the_rest_of_one() -> None:
    assert sessions.like("a\n…\nd", "a\nb\nc\nd")
    assert sessions.like("a\n…\nd", "a\nd")
    assert sessions.like("a …\nd", "a b c\nd")
    assert not sessions.like("a …\nd", "ab\nd")
    assert not sessions.like("a …\nd", "a b\nc\nd")
    assert not sessions.like("…\nd", "d\ne")


def test_files_variables_and_hidden_commands_are_of_one_folder_and_one_shell() -> None:
    page = (
        '<!-- run: x=word -->\n```text title="a.txt"\nline\n```\n\n- item\n\n    ```console\n    $ cat a.txt; echo $x\n'
        "    line\n    word\n    ```\n\n<!-- not run: it fails -->\n```sh\nfalse\n```\n"
    )

    assert [(done.printed, done.right) for done in sessions.carried_out(page)] == [
        ("", True),
        ("", True),
        ("line\nword", True),
    ]


def test_what_is_printed_now_is_written_into_the_page() -> None:
    page = "A page:\n\n```console\n$ echo one\ntwo\n\n$ printf 'a\\nb\\n'\na\n…\n```\n"

    assert sessions.renewed(page) == page.replace("two", "one")


def test_no_block_of_a_page_is_left_alone_unsaid() -> None:
    """A shell block without a language would be neither run nor excused."""
    for page in [*sessions.pages(), *(sessions.ROOT / "docs").rglob("*.md")]:
        for block in re.finditer(
            r"^ *```(?P<info>[^\n`]*)\n(?P<body>.*?)^ *```$", page.read_text("utf-8"), re.M | re.S
        ):
            if block["info"].partition(" ")[0] not in ("console", "sh"):
                first = block["body"].lstrip("$ \n")
                assert not re.match(r"(?:\$ )?(?:secdefs|python3? run|pip|git) ", first), f"{page.name}: {first[:60]}"
