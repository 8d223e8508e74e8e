"""What the figures were taken on: date, machine, versions."""

from __future__ import annotations

import datetime
import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

_PACKAGES = ("streamlit", "torch", "plotly", "numpy", "playwright", "websockets")


@dataclass(frozen=True, slots=True)
class Machine:
    """Where and with what was measured.

    Attributes:
        date: Day, ISO.
        cpu: The processor's name.
        cores: Cores that this process may use.
        memory_gib: Memory of the machine.
        system: Kernel and architecture.
        versions: (name, version) of what took part.
        load: Average number of processes that wanted a core in the 15 minutes before the end;
            the benchmark itself is among them.
    """

    date: str
    cpu: str
    cores: int
    memory_gib: float
    system: str
    versions: tuple[tuple[str, str], ...]
    load: float


def machine() -> Machine:
    """Return the record of this machine."""
    return Machine(
        datetime.date.today().isoformat(),
        _cpu(),
        len(os.sched_getaffinity(0)),
        round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        f"{platform.system()} {platform.machine()}",
        (
            ("Python", platform.python_version()),
            *((name, version(name)) for name in _PACKAGES if find_spec(name)),
            ("Chromium", _chromium()),
        ),
        round(os.getloadavg()[2], 1),
    )


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def _chromium() -> str:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        return "none"
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    return next((word for word in told.split() if word[:1].isdigit()), "unknown")
