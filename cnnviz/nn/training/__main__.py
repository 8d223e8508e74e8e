"""`python -m cnnviz.nn.training`: train, test and save a network with torch alone."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

from cnnviz.core.messages import Explained
from cnnviz.core.records import TrainEvent
from cnnviz.core.training.cards import NetworkCard
from cnnviz.core.training.train_config import DEVICES, TrainConfig
from cnnviz.nn.training.trained import train_and_save

LINE_S = 2.0
"""Seconds between printed lines."""


def main(arguments: list[str] | None = None) -> int:
    """Train, test and save a network from the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m cnnviz.nn.training", description=main.__doc__)
    parser.add_argument("dataset")
    parser.add_argument("--epochs", type=int, default=TrainConfig().epochs)
    parser.add_argument("--batch-size", type=int, default=TrainConfig().batch_size)
    parser.add_argument("--seed", type=int, default=TrainConfig().seed)
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--output", type=Path, default=Path("trained"), metavar="DIR")
    given = vars(parser.parse_args(arguments))
    dataset, output = given.pop("dataset"), given.pop("output")
    try:
        card = _print(train_and_save(dataset, TrainConfig(**given), output))
    except KeyboardInterrupt:
        print("Interrupted. Nothing was saved.", file=sys.stderr)
        return 130
    except (Explained, LookupError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"{card.accuracy:.2%} of the test pictures right, after {card.seconds:.0f} s; in {output}"
    )
    return 0


def _print(events: Generator[TrainEvent, None, NetworkCard]) -> NetworkCard:
    """Print a line every few seconds until the training is done; return what it made."""
    printed_s = 0.0
    with closing(events):
        while True:
            try:
                event = next(events)
            except StopIteration as end:
                card: NetworkCard = end.value
                return card
            if event.elapsed_s - printed_s < LINE_S and event.step < event.total_steps:
                continue
            printed_s = event.elapsed_s
            print(
                f"epoch {event.epoch}, step {event.step} of {event.total_steps}: "
                f"loss {event.train_loss:.3f}, {event.images_per_s:,.0f} images/s"
                + f", short of memory: batches in {event.parts} parts" * (event.parts > 1)
                + ", short of memory: on the processor" * event.is_moved,
                flush=True,
            )


if __name__ == "__main__":
    sys.exit(main())
