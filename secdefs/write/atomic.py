"""How a file is replaced: wholly or not at all, whatever happens meanwhile."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

from secdefs.findings import SecdefsError
from secdefs.read.encoding import visible


def replace_file(path: str | Path, data: bytes) -> None:
    """Put `data` in the place of the file, which is seen at every moment either as it was or as it will be.

    It is written beside, forced to the disk and renamed. The permission bits of a file that stands there are kept; a
    link stays a link, and the file that it names is replaced. Raises `SecdefsError` where that cannot be done; the old
    file then stands as it was, and nothing is left beside it.
    """
    name = visible(str(path))
    try:
        target = Path(os.path.realpath(path))
        mode = _mode(target, name)
        beside = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}")
        try:
            _write(beside, data, mode)
            os.replace(beside, target)
        except BaseException:  # an interrupt too leaves nothing behind
            with contextlib.suppress(OSError):
                beside.unlink()
            raise
        _settle(target.parent)
    except FileNotFoundError:
        raise SecdefsError(f"{name}: cannot be written: no such folder") from None
    except (OSError, ValueError) as error:
        raise SecdefsError(f"{name}: cannot be written: {getattr(error, 'strerror', None) or error}") from None


def _mode(target: Path, name: str) -> int | None:
    """The permission bits of the file that stands there; None where there is none."""
    try:
        status = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(status.st_mode):
        raise SecdefsError(f"{name}: is a directory, expected a file")
    if not stat.S_ISREG(status.st_mode):
        # To rename over a device or a pipe would destroy it.
        raise SecdefsError(f"{name}: is not an ordinary file; write to standard output with -")
    if not os.access(target, os.W_OK):
        raise SecdefsError(f"{name}: cannot be written: it is read-only")
    return stat.S_IMODE(status.st_mode)


def _write(path: Path, data: bytes, mode: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    # Made with no more rights than the file will have; the system takes its umask from a new one's.
    with open(os.open(path, flags, 0o666 if mode is None else mode & 0o700 | 0o200), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if mode is not None:
        os.chmod(path, mode)


def _settle(folder: Path) -> None:
    """Force the renaming to the disk; a system that cannot open a folder does so by itself."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
