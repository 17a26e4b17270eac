"""LibreOffice, without a window: what it makes of a Word file with all changes accepted or rejected.

It is driven by a Python that has its module `uno`: that of the system (Debian: libreoffice-writer-nogui, python3-uno).
Files with comments cannot be tried so: version 7.4 without windows ends when it opens any.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

SCRIPT = """
import json, subprocess, sys, time, uno
from com.sun.star.beans import PropertyValue

soffice, folder, jobs = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
office = subprocess.Popen([soffice, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore",
                           "--nologo", f"--accept=pipe,name=secdefs{len(folder)}x{abs(hash(folder))};urp;"])
local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
for attempt in range(120):
    try:
        context = resolver.resolve(
            f"uno:pipe,name=secdefs{len(folder)}x{abs(hash(folder))};urp;StarOffice.ComponentContext")
        break
    except Exception:
        time.sleep(0.5)
services = context.ServiceManager
desktop = services.createInstanceWithContext("com.sun.star.frame.Desktop", context)
helper = services.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)

def prop(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made

for number, what in enumerate(jobs):
    place = f"file://{folder}/{number}"
    document = desktop.loadComponentFromURL(place + ".docx", "_blank", 0, (prop("Hidden", True),))
    kinds = []
    for each in document.Redlines:
        kinds.append([each.RedlineType, each.RedlineAuthor])
    with open(f"{folder}/{number}.json", "w") as out:
        json.dump(kinds, out)
    if what != "none":
        helper.executeDispatch(document.CurrentController.Frame, f".uno:{what}AllTrackedChanges", "", 0, ())
    document.storeToURL(place + ".txt", (prop("FilterName", "Text (encoded)"), prop("FilterOptions", "UTF8,LF,,,")))
    document.close(True)
try:
    desktop.terminate()
except Exception:
    pass
office.wait(30)
"""


@cache
def missing() -> str | None:
    """Why LibreOffice cannot be driven here; None where it can."""
    if shutil.which("soffice") is None:
        return "LibreOffice is not installed (Debian: libreoffice-writer-nogui)"
    if _python() is None:
        return "no Python has the module uno (Debian: python3-uno)"
    return None


@cache
def _python() -> str | None:
    for each in (sys.executable, "/usr/bin/python3"):
        if Path(each).exists() and subprocess.run([each, "-c", "import uno"], capture_output=True).returncode == 0:
            return each
    return None


def opened(folder: Path, jobs: list[tuple[bytes, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Of each file the text that LibreOffice has of it, with changes settled by "Accept" or "Reject" or as it is
    ("none"), and the tracked changes that it found: kind ("Insert", "Delete", "ParagraphFormat") and author."""
    for number, (data, _) in enumerate(jobs):
        (folder / f"{number}.docx").write_bytes(data)
    python, soffice = _python(), shutil.which("soffice")
    assert python is not None
    assert soffice is not None
    asked = json.dumps([what for _, what in jobs])
    done = subprocess.Popen(
        [python, "-c", SCRIPT, soffice, str(folder), asked],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={"PYTHONHASHSEED": "0", "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        start_new_session=True,
    )
    try:
        _, said = done.communicate(timeout=240)
    except subprocess.TimeoutExpired:
        os.killpg(done.pid, signal.SIGKILL)  # the office too, which it started
        raise
    assert done.returncode == 0, said
    result = []
    for number in range(len(jobs)):
        text = (folder / f"{number}.txt").read_text(encoding="utf-8-sig")
        found = json.loads((folder / f"{number}.json").read_text(encoding="utf-8"))
        result.append((text, [(kind, author) for kind, author in found]))
    return result
