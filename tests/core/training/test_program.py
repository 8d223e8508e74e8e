"""The exported program as text: it can be read, and says what was chosen."""

import ast
from dataclasses import replace
from importlib.metadata import requires

import pytest

from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.core.training.program import training_code
from cnnviz.core.training.train_config import (
    AUGMENTATIONS,
    OPTIMIZERS,
    PRECISIONS,
    SCHEDULES,
    TrainConfig,
)
from cnnviz.ui.training.presets import PRESETS

VARY = "def vary(images, kind, generator):\n    return images\n"


def names(code):
    return {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("dataset", DATA_SETS)
def test_every_preset_on_every_data_set_is_a_program(preset, dataset):
    code = training_code(PRESETS[preset].spec(dataset), TrainConfig(), dataset, vary=VARY)
    assert max(map(len, code.splitlines())) <= 100
    assert "vary" in names(code)
    assert "{" not in code.replace('f"', "").split("def train")[0].split("OrderedDict(")[1]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("augment", AUGMENTATIONS)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_every_setting_is_in_it(optimizer, schedule, augment, precision):
    config = TrainConfig(
        epochs=7,
        batch_size=33,
        lr=0.0125,
        weight_decay=0.031,
        optimizer=optimizer,
        schedule=schedule,
        augment=augment,
        label_smoothing=0.15,
        validation_share=0.2,
        seed=5,
        device="cpu",
        precision=precision,
    )
    code = training_code(PRESETS["tiny"].spec("digits"), config, "digits", vary=VARY)
    tree = ast.parse(code)
    given = {
        node.targets[0].id: ast.unparse(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id.isupper()
    }
    assert given["EPOCHS"] == "7"
    assert given["BATCH_SIZE"] == "33"
    assert given["LR"] == "0.0125"
    assert given["WEIGHT_DECAY"] == "0.031"
    assert given["LABEL_SMOOTHING"] == "0.15"
    assert given["VALIDATION_SHARE"] == "0.2"
    assert given["SEED"] == "5"
    assert given["DEVICE"] == "'cpu'"
    by_device = "DEVICE == 'cuda' or CPU.get('amx_bf16', False)"
    assert given["IS_HALF"] == {"auto": by_device, "bf16": "True", "fp32": "False"}[precision]
    assert ("AdamW" in code) == (optimizer == "adamw")
    assert ("math.cos(math.pi" in code) == (schedule == "onecycle")
    assert ("vary" in names(code)) == (augment != "none")


def test_a_data_set_that_no_program_reads_is_no_program():
    with pytest.raises(LookupError):
        training_code(PRESETS["tiny"].spec("digits"), TrainConfig(), "elsewhere")


def test_the_header_names_what_has_to_be_installed_with_its_version():
    told = ast.get_docstring(ast.parse(code_of(TrainConfig())))
    for package in ("torch", "numpy", "safetensors", "scikit-learn"):
        (asked,) = [line for line in requires("cnnviz") if line.startswith(f"{package}<")]
        least = asked.partition(">=")[2]
        assert f'"{package}>={least},<' in told
    assert "Needs Python >=3.11" in told


def code_of(config, labels=None):
    spec = PRESETS["tiny"].spec("digits")
    spec = replace(spec, labels=labels or spec.labels)
    return training_code(spec, config, "digits", vary=VARY)


def test_what_was_trained_on_cuda_needs_none():
    assert 'DEVICE = "cuda" if torch.cuda.is_available() else "cpu"' in code_of(
        TrainConfig(device="cuda")
    )
    assert 'DEVICE = "cpu"' in code_of(TrainConfig(device="cpu"))


def test_labels_of_any_letters_stay_whole():
    labels = tuple(f'a long-winded "name" of the \\ çlass {n}' for n in range(10))
    tree = ast.parse(code_of(TrainConfig(), labels))
    (found,) = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "LABELS"
    ]
    assert tuple(found) == labels
