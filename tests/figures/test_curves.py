"""What is drawn of a training that goes on: its points, and a chart that is Vega-Lite."""

import altair
import pytest

from cnnviz.core.records import TrainEvent
from cnnviz.figures.curves import (
    MOST_POINTS,
    QUANTITIES,
    Curve,
    CurveWords,
    live_chart,
    live_values,
)

WORDS = CurveWords("Época", "Perda", "Acurácia", "d'\"água", "retidas, d'\"água")


def run(count, *, an_epoch=50):
    events = [
        TrainEvent(
            epoch=1 + n // an_epoch,
            step=n + 1,
            total_steps=20_000,
            train_loss=1 / (n + 1),
            validation_loss=None if (n + 1) % an_epoch else 0.5,
            accuracy=None if (n + 1) % an_epoch else n / count,
            images_per_s=100.0,
            elapsed_s=n / 4,
        )
        for n in range(count)
    ]
    return Curve("<a>", events, 400)


@pytest.mark.parametrize("count", [0, 1, MOST_POINTS, MOST_POINTS + 1, 7200])
def test_points_are_bounded_and_the_last_one_is_there(count):
    values = live_values("loss", run(count), WORDS)
    trained = [n for n, kind in enumerate(values["kind"]) if kind == WORDS.training]
    assert (
        len(trained) == count
        if count <= MOST_POINTS
        else MOST_POINTS / 2 < len(trained) <= MOST_POINTS
    )
    assert {len(column) for column in values.values()} == {len(trained) + count // 50}
    if count:
        last = trained[-1]
        assert values["value"][last] == 1 / count
        assert values["epoch"][last] == pytest.approx(400 * count / 20_000)


def test_the_accuracy_is_what_was_held_out():
    values = live_values("accuracy", run(100), WORDS)
    assert values == {"epoch": [1, 2], "value": [0.49, 0.99], "kind": [WORDS.validation] * 2}


@pytest.mark.parametrize("appearance", ["light", "dark"])
@pytest.mark.parametrize("quantity", QUANTITIES)
def test_the_chart_is_vega_lite_and_stays_the_same_while_its_data_change(quantity, appearance):
    chart = live_chart(quantity, 400, WORDS, appearance=appearance, decimal=",")
    values = live_values(quantity, run(100), WORDS)
    rows = [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
    whole = altair.Chart.from_dict({**chart, "data": {"values": rows}})
    assert whole.to_dict()["layer"][1]["transform"] == chart["layer"][1]["transform"]
    drawn = chart["layer"][0]["encoding"]["strokeDash"]["scale"]["domain"]
    assert set(drawn) == set(values["kind"]), "the legend names the lines that are there"
