"""Networks as ONNX files, asked by ONNX Runtime, against PyTorch."""

import json
import threading
from importlib.metadata import version

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from cnnviz.core.messages import Explained
from cnnviz.core.networks.layer_kinds import layer_kinds
from cnnviz.core.networks.layer_specs import (
    ActivationLayer,
    BatchNormLayer,
    ConvLayer,
    DropoutLayer,
    FlattenLayer,
    LinearLayer,
    PoolLayer,
)
from cnnviz.core.networks.models import MODELS
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.core.programs import ONNX_RUNTIME
from cnnviz.nn import load_card, load_network
from cnnviz.nn.networks.build import build_network
from cnnviz.nn.networks.onnx_file import onnx_file

COUNTS = (1, 2, 7)
"""Pictures that are asked about at once."""
ENDS = (FlattenLayer(), LinearLayer(3))
EVERYTHING = (
    ConvLayer(4, (3, 2), stride=(2, 1), padding=(1, 0)),
    BatchNormLayer(),
    ActivationLayer("sigmoid"),
    PoolLayer("avgpool", (2, 3), (1, 2)),
    DropoutLayer(0.5),
    ConvLayer(5, (3, 3), padding="same"),
    ActivationLayer("tanh"),
    PoolLayer("maxpool"),
    FlattenLayer(),
    LinearLayer(6),
    DropoutLayer(0.2),
    ActivationLayer("relu"),
    LinearLayer(3),
)
ALONE = {
    "no padding": ConvLayer(4, (3, 5)),
    "zeros": ConvLayer(4, (3, 3), padding=(2, 1)),
    "same": ConvLayer(4, (5, 3), padding="same"),
    "same, even windows": ConvLayer(4, (4, 2), padding="same"),
    "strides that leave a rest": ConvLayer(4, (3, 3), stride=(2, 3), padding=(1, 1)),
    "batch norm": BatchNormLayer(),
    "relu": ActivationLayer("relu"),
    "sigmoid": ActivationLayer("sigmoid"),
    "tanh": ActivationLayer("tanh"),
    "largest": PoolLayer("maxpool", (3, 2), (2, 2)),
    "mean that leaves a rest": PoolLayer("avgpool", (5, 3), (3, 2)),
    "mean of whole maps": PoolLayer("avgpool", (12, 10), (12, 10)),
    "dropout": DropoutLayer(0.9),
}


def spec_of(*layers, labels=None):
    return NetworkSpec((2, 12, 10), (0.25, 0.5), (0.5, 2.0), layers, labels)


def trained(spec, seed=3):
    """A network with weights of every size, as if trained: batch norm has seen something."""
    network, generator = build_network(spec, seed=seed).eval(), torch.Generator().manual_seed(seed)
    for key, values in network.state_dict().items():
        if "batchnorm" in key and values.is_floating_point():
            low, high = (1e-6, 3.0) if key.endswith("running_var") else (-2.0, 2.0)
            values.uniform_(low, high, generator=generator)
    return network.requires_grad_(False)


def ask(file, images):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    (logits,) = session.run(["logits"], {"image": images})
    return logits


def check_equal(spec, network):
    """The file is valid, and its answers are PyTorch's for any number of pictures."""
    file = onnx_file(spec, network)
    model = onnx.load_model_from_string(file)
    onnx.checker.check_model(model, full_check=True)
    random = np.random.default_rng(0)
    for count in COUNTS:
        images = random.random((count, *spec.input_shape), np.float32)
        expected = network(torch.from_numpy(images)).numpy()
        logits = ask(file, images)
        assert (logits.dtype, logits.shape) == (np.float32, expected.shape)
        assert np.abs(logits - expected).max() <= 1e-5 * np.abs(expected).max()
        assert np.ptp(expected) > 1e-3
    return model


def test_every_kind_of_layer_is_tried():
    assert {each.kind for each in (*EVERYTHING, *ALONE.values())} == layer_kinds().keys()


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")
@pytest.mark.parametrize("name", ALONE)
def test_a_layer_of_each_kind_answers_as_in_pytorch(name):
    spec = spec_of(ALONE[name], *ENDS)
    check_equal(spec, trained(spec))


def test_all_of_them_together_are_one_operator_each_with_its_name_and_shape():
    spec = spec_of(*EVERYTHING)
    network = trained(spec)
    model = check_equal(spec, network)
    assert [node.name for node in model.graph.node][2:] == list(spec.names())
    told = {
        each.name: tuple(axis.dim_value for axis in each.type.tensor_type.shape.dim[1:])
        for each in model.graph.value_info
    }
    assert told == {step.name: step.shape for step in spec.shapes()[1:-1]}
    stored = {each.name: onnx.numpy_helper.to_array(each) for each in model.graph.initializer}
    kept = {k: v for k, v in network.state_dict().items() if "num_batches" not in k}
    assert stored.keys() == kept.keys()
    assert all(np.array_equal(stored[key], kept[key].numpy()) for key in kept)


@pytest.mark.parametrize("network_id", MODELS)
def test_the_shipped_networks_answer_as_in_pytorch(network_id):
    check_equal(load_card(network_id).spec, load_network(network_id))


def test_the_file_says_how_to_use_it():
    file = onnx_file(MODELS["fashion"], build_network(MODELS["fashion"]))
    model = onnx.load_model_from_string(file)
    assert (model.producer_name, model.producer_version) == ("cnnviz", version("cnnviz"))
    assert "(N, 1, 28, 28)" in model.doc_string
    assert "(N, 10)" in model.doc_string
    (operators,) = model.opset_import
    assert f"ONNX Runtime {ONNX_RUNTIME} or later" in model.doc_string
    assert f"operator set {operators.version}." in model.doc_string
    (entry,) = model.metadata_props
    assert (entry.key, tuple(json.loads(entry.value))) == ("labels", DATA_SETS["fashion"].labels)
    ends = (*model.graph.input, *model.graph.output)
    assert [(each.name, each.type.tensor_type.shape.dim[0].dim_param) for each in ends] == [
        ("image", "N"),
        ("logits", "N"),
    ]


def test_classes_without_names_are_not_promised():
    spec = spec_of(*ENDS)
    model = onnx.load_model_from_string(onnx_file(spec, build_network(spec)))
    assert not model.metadata_props
    assert "labels" not in model.doc_string


def test_a_network_in_training_is_written_as_in_evaluation_and_left_as_it_is():
    spec = spec_of(*EVERYTHING)
    network = trained(spec).to(memory_format=torch.channels_last)
    expected = onnx_file(spec, network)
    before = {key: values.clone() for key, values in network.train().state_dict().items()}
    assert onnx_file(spec, network) == expected
    assert all(layer.training for layer in network.modules())
    assert all(torch.equal(before[key], values) for key, values in network.state_dict().items())
    images = np.random.default_rng(1).random((2, 2, 12, 10), np.float32)
    answers = network.eval()(torch.from_numpy(images)).numpy()
    np.testing.assert_allclose(ask(expected, images), answers, atol=1e-5)


def test_many_at_once_write_the_same_file():
    spec = spec_of(*EVERYTHING)
    network, files = trained(spec), []
    threads = [
        threading.Thread(target=lambda: files.append(onnx_file(spec, network))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(files) == 8
    assert len(set(files)) == 1


@pytest.mark.parametrize(
    ("other", "key"),
    [
        (spec_of(ConvLayer(4, padding="same"), *ENDS), "linear1.weight"),
        (spec_of(FlattenLayer(), LinearLayer(4)), "linear1.weight"),
        (spec_of(*ENDS, ActivationLayer("relu"), LinearLayer(3)), "linear2.weight"),
    ],
)
def test_weights_of_other_layers_are_refused_in_one_sentence(other, key):
    with pytest.raises(Explained, match=f"not of these layers: “{key}” differs"):
        onnx_file(spec_of(*ENDS), build_network(other))
    with pytest.raises(Explained, match="not of these layers"):
        onnx_file(other, build_network(spec_of(*ENDS)))


def test_numbers_of_another_kind_are_refused():
    spec = spec_of(*ENDS)
    with pytest.raises(Explained, match=r"normalize\.mean"):
        onnx_file(spec, build_network(spec).half())
