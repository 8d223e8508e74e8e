"""Words found in a text, whatever their capitals and accents."""

import pytest

from cnnviz.core.messages import finds


@pytest.mark.parametrize("query", ["", "  ", "cafe", "CAFÉ expr", "expresso cafe", "xícara (de)"])
def test_every_word_begins_a_word(query):
    assert finds(query, "Xícara de café expresso")


@pytest.mark.parametrize("query", ["presso", "cafe tea", "cafés"])
def test_a_part_of_a_word_or_another_word_is_not_found(query):
    assert not finds(query, "Xícara de café expresso")
