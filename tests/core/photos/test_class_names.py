"""The 1,000 names, and the translations of the everyday ones."""

from cnnviz.core.photos.class_names import class_names, class_translations, find_classes


def test_there_are_a_thousand_different_names():
    names = class_names()
    assert len(set(names)) == len(names) == 1000
    assert (names[0], names[281], names[967]) == ("tench", "tabby", "espresso")


def test_translations_are_of_classes_and_each_means_one():
    translations = class_translations("pt_BR")
    assert len(translations) >= 300
    assert translations.keys() <= set(class_names())
    assert len(set(translations.values())) == len(translations)
    assert all(text == text.strip() and text for text in translations.values())


def test_what_is_not_translated_stays_english():
    portuguese = class_names("pt_BR")
    assert (portuguese[281], portuguese[282], portuguese[967]) == (
        "gato malhado", "gato tigrado", "café expresso",
    )  # fmt: skip
    assert portuguese[class_names().index("affenpinscher")] == "affenpinscher"
    assert class_names("xx") == class_names()


def test_classes_are_found_in_either_language():
    assert find_classes("") == tuple(range(1000))
    assert find_classes("EGYPTIAN  cat") == (285,)
    assert find_classes("gato", "pt_BR") == (281, 282, 283, 284, 285)
    assert find_classes("gato") == ()
    assert find_classes("jack-o") == (607,)
    assert find_classes("CAFE expr", "pt_BR") == (550, 967)  # cafeteira de expresso, café expresso
    assert find_classes("onça", "pt_BR") == find_classes("onca", "pt_BR") == (286, 290)
    assert 281 in find_classes("tabby", "pt_BR")
    assert find_classes("dragon of the sea") == ()
