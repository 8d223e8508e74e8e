"""What computes: the processor or a CUDA device, what it is called, and what suits it."""

from __future__ import annotations

import platform
import subprocess
from pathlib import Path

import torch

from cnnviz.core.messages import Explained
from cnnviz.core.strict import choice, whole


def pick_device(name: str) -> torch.device:
    """Return the device for "auto", "cpu" or "cuda"; "auto" takes CUDA where there is one.

    Raises:
        Explained: CUDA is asked for, and there is none; or there is no such device.
    """
    choice("device", name, ("auto", "cpu", "cuda"))
    has_cuda = torch.cuda.is_available()
    if name == "cuda" and not has_cuda:
        raise Explained("There is no CUDA device here; “auto” and “cpu” use the processor.")
    return torch.device("cuda" if has_cuda and name != "cpu" else "cpu")


def pick_precision(name: str, device: torch.device) -> torch.dtype:
    """Return what matrix products are computed in for "auto", "fp32" or "bf16".

    "auto" is bfloat16 on CUDA devices and on processors that multiply matrices of them (AMX).
    On others it is float32: with 1 thread of an AMD EPYC that has AVX512-BF16, the shipped
    network learns 3,600 to 4,600 pictures a second in either.
    """
    choice("precision", name, ("auto", "fp32", "bf16"))
    if name != "auto":
        return torch.bfloat16 if name == "bf16" else torch.float32
    return torch.bfloat16 if device.type == "cuda" or _has_amx() else torch.float32


def _has_amx() -> bool:
    return bool(torch.cpu.get_capabilities().get("amx_bf16"))


def use_threads(count: int) -> None:
    """Set how many threads one computation takes on the processor, in the whole process.

    One suits a server: its sessions are the parallel part. On two busy cores the shipped
    network's layers take 0.7 ms with one thread, and 9 to 42 ms with two that wait for each other.
    """
    whole("count", count, 1, 1024)
    torch.set_num_threads(int(count))


def describe_device(device: torch.device) -> str:
    """Return the device in words, such as "cpu: AMD EPYC, 2 threads"."""
    if device.type == "cuda":
        return f"cuda: {torch.cuda.get_device_name(device)}"
    threads = torch.get_num_threads()
    return f"cpu: {_processor()}, {threads} thread{'s' * (threads > 1)}"


def driver_version() -> str:
    """Return the version of the NVIDIA driver, or "unknown"."""
    command = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return told.stdout.partition("\n")[0].strip() or "unknown"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine() or "unknown"
