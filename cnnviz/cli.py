"""The commands: `cnnviz app`, `train`, `evaluate`, `worker`, `sweep`, `bench`. English only.

torch is imported inside the commands that need it, so that `--help` answers at once.
"""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track

from cnnviz.cli_train import follow, one_of, with_settings
from cnnviz.core.networks.models import TRAINABLE
from cnnviz.core.training.cards import SHIPPED
from cnnviz.core.training.search import Ranges
from cnnviz.core.training.train_config import DEVICES, TrainConfig
from cnnviz.telling import refusals, tell_end

app = typer.Typer(
    help="See a convolutional network work: from pixels to an answer.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_DEFAULTS = TrainConfig()
MOST_THREADS = 1024
"""More than any processor has; a million are too many for the system."""

_Storage = Annotated[
    str | None, typer.Option(metavar="URL", help="Optuna's database; default: CNNVIZ_STORAGE.")
]
_Threads = Annotated[
    int | None,
    typer.Option(min=1, max=MOST_THREADS, help="Of the processor; the same repeats a network."),
]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def _path(text: str | Path) -> Path:
    """Shells leave the `~` of `--output=~/nets` alone, and make nothing of a variable not set."""
    if not str(text).strip():
        raise typer.BadParameter("it names no folder.")
    try:
        return Path(text).expanduser()
    except RuntimeError:  # nobody's home
        return Path(text)


@app.command(
    name="app", context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
)
def serve(
    context: typer.Context,
    port: Annotated[int | None, typer.Option(help="TCP port; 8501 by default.")] = None,
    address: Annotated[
        str | None, typer.Option(help="Where to listen; 0.0.0.0 lets others on your network in.")
    ] = None,
) -> None:
    """Serve the app to browsers until interrupted, by default to this computer alone.

    Every option of “streamlit run” is taken, too, such as --server.baseUrlPath, and so are its
    STREAMLIT_ variables and its files config.toml.
    """
    from cnnviz.ui.launch import main

    given = {"--port": port, "--address": address}
    main([f"{name}={value}" for name, value in given.items() if value is not None] + context.args)


@app.command()
@with_settings
def train(
    dataset: Annotated[str, typer.Argument(help=f"What to learn: {', '.join(TRAINABLE)}.")],
    settings: dict[str, Any],
    threads: _Threads = None,
    output: Annotated[
        Path, typer.Option(metavar="DIR", help="Where weights and card go.", parser=_path)
    ] = Path("trained"),
) -> None:
    """Train a network on a data set, test it once, and save it with its card."""
    with refusals(["Nothing was saved."]):
        config = TrainConfig(**settings)
        from cnnviz.nn.device import use_threads
        from cnnviz.nn.training.distributed import joined
        from cnnviz.nn.training.trained import train_and_save

        if threads is not None:
            use_threads(threads)
        with joined(config.device) as is_first:
            card = follow(train_and_save(dataset, config, output), is_quiet=not is_first)
    if not is_first:
        return
    typer.echo(f"{card.accuracy:.2%} of the test pictures right, after {card.seconds:.0f} s.")
    typer.echo(f"Saved as {output / card.id}.safetensors, .npz and .json.")


@app.command()
def evaluate(
    network: Annotated[
        str, typer.Argument(help=f"Which network: {', '.join(SHIPPED)}, or run-<hex>.")
    ],
    as_json: _Json = False,
) -> None:
    """Recompute a network's accuracy on the test pictures of its data set."""
    with refusals():
        from cnnviz.nn.library import evaluate_network

        result = evaluate_network(network)
    right = sum(row[idx] for idx, row in enumerate(result.confusion_matrix))
    total = sum(map(sum, result.confusion_matrix))
    if not as_json:
        typer.echo(f"{result.accuracy:.2%} right: {right:,} of {total:,} test pictures.")
        return
    answer = {"network": network, **asdict(result), "right": right, "total": total}
    typer.echo(json.dumps(answer))


@app.command()
def worker(
    storage: _Storage = None,
    threads: Annotated[
        int, typer.Option(min=1, max=MOST_THREADS, help="Of the processor; fixed.")
    ] = 1,
    minutes: Annotated[float | None, typer.Option(help="Most training time of a run.")] = None,
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="End when nothing waits.")
    ] = False,
    nice: Annotated[
        bool,
        typer.Option("--nice", help="Give other programs precedence; one such worker at a time."),
    ] = False,
) -> None:
    """Train the runs that wait in the queue, one after the other, until interrupted."""
    with refusals(["The run at hand waits for another worker."]):
        from cnnviz.nn.runs.worker import made_way, work

        with made_way() if nice else nullcontext(True) as may:
            if may:
                work(
                    storage,
                    threads=threads,
                    most_minutes=minutes,
                    until_idle=until_idle,
                    report=tell_end,
                )


@app.command()
def sweep(
    context: typer.Context,
    dataset: Annotated[str, typer.Argument(help=f"What to learn: {', '.join(TRAINABLE)}.")],
    runs: Annotated[int | None, typer.Option(min=1, help="Runs to try, in all.")] = None,
    minutes: Annotated[float | None, typer.Option(help="Minutes to try for.")] = None,
    epochs: Annotated[int, typer.Option(help="Of each run.")] = _DEFAULTS.epochs,
    lr: Annotated[tuple[float, float], typer.Option(help="Lowest and highest.")] = (3e-4, 3e-2),
    blocks: Annotated[tuple[int, int], typer.Option(help="Fewest and most.")] = (1, 2),
    filters: Annotated[list[int], typer.Option(help="May be repeated.")] = [4, 8, 16, 32],  # noqa: B006
    kernel_size: Annotated[list[int], typer.Option(help="May be repeated.")] = [3, 5],  # noqa: B006
    batch_size: Annotated[list[int], typer.Option(help="May be repeated.")] = [32, 64, 128],  # noqa: B006
    seed: Annotated[int, typer.Option(help="Of the choices and of every run.")] = _DEFAULTS.seed,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = _DEFAULTS.device,
    search: Annotated[
        str | None, typer.Option(help="One to continue, as it was begun; it said its name.")
    ] = None,
    storage: _Storage = None,
) -> None:
    """Try many networks and settings, give up the hopeless ones, and name the best run."""
    left: list[str] = []

    def begun(search_id: str) -> None:
        typer.echo(f"Search {search_id} on {dataset}.")
        left.append(f"Continue with --search {search_id}.")

    with refusals(left):
        config = TrainConfig(epochs=epochs, seed=seed, device=device)
        ranges = Ranges(lr, tuple(batch_size), tuple(filters), blocks, tuple(kernel_size))
        from cnnviz.nn.runs import sweeps

        if search is not None:
            by = {name: context.get_parameter_source(name) for name in context.params}
            asked = {name for name, each in by.items() if each and each.name != "DEFAULT"}
            config, ranges = sweeps.as_begun(search, config, ranges, but=asked)
        best = sweeps.sweep(
            dataset, config,
            ranges=ranges, most_runs=runs, most_minutes=minutes, search_id=search, url=storage,
            begun=begun, report=tell_end,
        )  # fmt: skip
    typer.echo(f"Best: {best}.")
    typer.echo(left[0])


@app.command()
def bench(
    network: Annotated[str, typer.Argument(help=f"Which: {', '.join(TRAINABLE)}.")] = "mnist",
    seconds: Annotated[float, typer.Option(help="Of training, in each precision.")] = 5.0,
    device: Annotated[str, typer.Option(help=one_of(tuple(DEVICES)))] = _DEFAULTS.device,
    threads: _Threads = None,
    as_json: _Json = False,
) -> None:
    """Say how fast a network is trained on this machine, in each precision."""
    with refusals():
        from cnnviz.nn.device import describe_device, pick_device, pick_precision, use_threads
        from cnnviz.nn.training import trained

        if threads is not None:
            use_threads(threads)
        found = trained.bench(network, device, seconds)
        total = len(trained.PRECISIONS)
        speeds = list(track(found, "", total, console=Console(stderr=True)))
        chosen = pick_device(device)
    where, is_half = describe_device(chosen), pick_precision("auto", chosen).itemsize == 2
    auto = "bf16" if is_half else "fp32"
    if as_json:
        answer = {"network": network, "device": where, "auto": auto}
        typer.echo(json.dumps({**answer, "speeds": [asdict(each) for each in speeds]}))
        return
    typer.echo(f"{network} on {where}; “auto” is {auto}.")
    for each in speeds:
        rate = f"{each.images_per_s:,.0f} pictures a second"
        typer.echo(f"{each.precision}: {rate}, {each.epoch_s:.1f} s an epoch.")
