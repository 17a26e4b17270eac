"""A code folder from Python: what is put on record, and what may be asked of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from secdefs import History, read_code, read_instrument

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def test_the_sample_letters_are_enacted_and_the_folder_is_whole(tmp_path: Path) -> None:
    code, _ = read_code(str(FIXTURES / "codes" / "sec.yaml"))
    history = History.init(tmp_path / "folder", code, recorded=dt.date(2021, 12, 16))
    for name in ("s1ckmp.txt", "short.txt"):
        text = (FIXTURES / "letters" / name).read_text(encoding="utf-8")
        done = history.enact(read_instrument(text, file=name), recorded=dt.date(2022, 3, 1))
        assert done.ok, done.findings

    assert code == history.at(dt.date(2021, 12, 16))
    assert (dt.date(2021, 12, 17), "24.0") == (
        history.at(dt.date(2022, 2, 28)).as_at,
        history.at(dt.date(2022, 2, 28)).definitions.version,  # type: ignore[union-attr]
    )
    assert History.open(tmp_path / "folder").check() == ()
