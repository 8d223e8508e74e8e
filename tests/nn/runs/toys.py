"""Small runs, as the tests of runs ask for them and train them."""

from cnnviz.core.networks.layer_specs import (
    ActivationLayer,
    ConvLayer,
    FlattenLayer,
    LinearLayer,
    PoolLayer,
)
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.runs import create_run, plan_run
from cnnviz.nn.runs.train import train_run
from cnnviz.nn.runs.writer import RunWriter

SPEC = NetworkSpec(
    (1, 8, 8),
    (0.3,),
    (0.4,),
    (ConvLayer(4), ActivationLayer("relu"), PoolLayer(), FlattenLayer(), LinearLayer(10)),
    tuple("0123456789"),
)
CONFIG = TrainConfig(epochs=2, batch_size=128, lr=0.02, augment=False, device="cpu")
SHORT = TrainConfig(epochs=1, batch_size=256, augment=False, device="cpu")


def create(owner="ann", config=CONFIG, **more):
    return create_run(SPEC, config, plan_run("digits", owner), **more)


def done(run_id=None, **more):
    run_id = run_id or create()
    with RunWriter(run_id) as writer:
        train_run(writer, **more)
    return run_id


def submit(queue, owner="ann", config=SHORT):
    return queue.submit(SPEC, config, "digits", owner)
