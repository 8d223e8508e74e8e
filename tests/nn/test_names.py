"""The public names of nn, imported when they are asked for."""

import subprocess
import sys

import pytest

from cnnviz import nn


def printed(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


@pytest.mark.parametrize("name", nn.__all__)
def test_every_name_is_there(name):
    value = getattr(nn, name)
    assert getattr(value, "__name__", name) == name
    assert name in dir(nn)


def test_a_name_that_is_not_there_is_refused():
    with pytest.raises(AttributeError, match=r"cnnviz\.nn.*nothing"):
        nn.nothing  # noqa: B018


def test_importing_nn_brings_no_torch_along():
    code = "import sys\nfrom cnnviz import nn\nprint(len(dir(nn)) > 50, 'torch' in sys.modules)"
    assert printed(code) == "True False"


def test_a_name_brings_its_own_module_alone():
    heavy = "{'torch', 'torchvision', 'optuna', 'cnnviz.nn.photos', 'cnnviz.nn.runs'}"
    code = f"import sys\nfrom cnnviz.nn import convolve\nprint(*{heavy} & set(sys.modules))"
    assert printed(code) == "torch"


def test_two_threads_may_ask_at_once():
    code = """
from concurrent.futures import ThreadPoolExecutor
from cnnviz import nn

with ThreadPoolExecutor(8) as pool:
    names = [name for name in nn.__all__ for again in range(2)]
    found = list(pool.map(lambda name: getattr(nn, name), names))
print(all(first is second for first, second in zip(found[::2], found[1::2])))
"""
    assert printed(code) == "True"
