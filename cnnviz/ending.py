"""How the commands end when they are told to: by Ctrl-C, SIGTERM, or a terminal that is closed.

The first signal raises `KeyboardInterrupt`, so that what is at work can be left tidily. The second
one ends the process at once, as the power would: nothing here needs more than that to be found in
order again. So does time: a library may have swallowed the first.
"""

from __future__ import annotations

import _thread  # `threading` takes a lock that the interrupted code may hold
import os
import signal
import sys
import time
from types import FrameType

PATIENCE_S = 10.0
"""Seconds to leave tidily in."""
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")

_told: int | None = None


def heed() -> None:
    """Listen to all signals that ask for an end; one that is ignored (`nohup`) stays so."""
    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _hear)


def code() -> int | None:
    """Return the exit code of whom a signal has told to end: 130 after Ctrl-C; None without one."""
    return None if _told is None else 128 + _told


def leave(code: int) -> None:
    """End at once, whatever threads there are, with all that was printed."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # who read it is gone
            continue
    os._exit(code)


def _hear(number: int, frame: FrameType | None) -> None:
    global _told
    of_server = signal.getsignal(signal.SIGTERM)
    if callable(of_server) and of_server is not _hear:  # Streamlit's, which hears no SIGHUP
        of_server(signal.SIGTERM, frame)
        return
    if _told is not None:
        os._exit(128 + number)
    _told = number
    _thread.start_new_thread(_wait, (128 + number,))
    raise KeyboardInterrupt


def _wait(code: int) -> None:
    time.sleep(PATIENCE_S)
    os._exit(code)
