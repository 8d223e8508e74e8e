"""What the commands say: how a run ended, what cannot be done, and that they were interrupted."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import typer

from cnnviz.core.messages import Explained


@contextmanager
def refusals(left: Sequence[str] = ()) -> Iterator[None]:
    """Say what cannot be done in one sentence on stderr, with exit code 1.

    Args:
        left: Sentences on what is left of what was at work, for whom a signal interrupts.
    """
    try:
        yield
    except KeyboardInterrupt:
        typer.echo(" ".join(("Interrupted.", *left)), err=True)
        raise
    except OSError as error:
        if error.errno == errno.EPIPE:  # who read the output is gone: there is nobody to tell
            raise
        typer.echo(_reason(error), err=True)
        raise typer.Exit(1) from None
    except (Explained, LookupError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def _reason(error: OSError) -> str:
    """Name the file, if there is one: an error of writing has none."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full."
    reason = error.strerror or str(error) or type(error).__name__
    return f"{error.filename}: {reason}." if error.filename else f"{reason}."


def tell_end(run_id: str, state: str, accuracy: float | None = None) -> None:
    """Print how a run ended, and why."""
    from cnnviz.nn.runs import read_run

    share = "" if accuracy is None else f" {accuracy:.2%}"
    reason = None
    with suppress(LookupError, Explained):  # it has been deleted meanwhile, or spoilt
        reason = read_run(run_id).reason
    typer.echo(f"{run_id} {state}{share}" + (f": {reason}" if reason else ""))
