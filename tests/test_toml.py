"""What a person's own files of settings are told when something in them does not belong there."""

from __future__ import annotations

from pathlib import Path

import pytest

from secdefs.checks import Settings
from secdefs.draft import Particulars
from secdefs.findings import SecdefsError
from secdefs.read.toml import read_toml


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (Particulars, 'issuer = "x"', "“issuer” is to be a list, such as [“one”, “two”], and is a text"),
        (Particulars, "powers = [3]", "“powers” is to be a text in quotation marks, and is a number"),
        (Particulars, "title = 2", "“title” is to be a text in quotation marks, and is a number"),
        (Particulars, 'commencement = "soon"', "“commencement” is to be a date such as 2021-12-17"),
        (Particulars, "nam = 3", "there is no key “nam”; what would be right"),
        (Particulars, "title = ", "this is not TOML"),
        (Settings, '[severity]\nSD612 = "of"', "“of” is no value of “severity”"),
        (Settings, "severity = 3", "“severity” is to be a table, such as [severity], and is a number"),
    ],
)
def test_what_does_not_belong_is_said_in_plain_words(kind: type[object], text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(text, "utf-8")

    with pytest.raises(SecdefsError) as refused:
        read_toml(str(file), kind, "what would be right")

    assert said in str(refused.value)
    assert "`" not in str(refused.value)


def test_what_is_right_is_a_value(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text('title = "A"\nmade = 2021-12-17\n', "utf-8")

    assert read_toml(str(file), Particulars, "") == Particulars(
        title="A", made=read_toml(str(file), Particulars, "").made
    )
