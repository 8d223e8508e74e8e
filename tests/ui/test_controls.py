"""Widgets of forms and settings: what they start from, what they keep, what they say."""

from streamlit.testing.v1 import AppTest


def opened(page, **query):
    app = AppTest.from_function(page, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def form():
    import streamlit as st

    from cnnviz.ui import controls, state

    state.settle_language()
    controls.start_from({"w": "b", "s": "a", "n": 3, "x": 0.5, "p": [1], "r": 0.1})
    names = {"a": "Yes", "b": "No"}
    chosen = controls.words("Words", "w", names), controls.select("Select", "s", names)
    controls.number("Number", "n", (0, 9))
    controls.number("Share", "x", (0.0, 1.0), step=0.25, form="%.2f")
    controls.several("Several", "p", (1, 2))
    controls.among("Rate", "r", (0.1, 0.00001))
    st.text(f"{chosen} {[st.session_state[key] for key in 'nxpr']}")
    st.button("Reset", on_click=state.reset)


def test_a_form_starts_from_what_it_is_told_and_goes_back_to_it():
    app = opened(form)
    started = "('b', 'a') [3, 0.5, [1], 0.1]"
    assert app.text[0].value == started
    app.selectbox(key="s").set_value("b")
    app.number_input(key="n").set_value(7)
    app.run()
    assert app.text[0].value == "('b', 'b') [7, 0.5, [1], 0.1]"
    app.button[0].click().run()
    assert app.text[0].value == started


def test_words_are_in_the_readers_language_and_numbers_in_the_locales_form():
    app = opened(form, lang="pt_BR")
    assert app.selectbox(key="s").options == ["Sim", "Não"]
    assert app.select_slider(key="r").options == ["0,1", "0,00001"]
    assert app.text[0].value == "('b', 'a') [3, 0.5, [1], 0.1]", "ids stay what they are"


def setting():
    import streamlit as st

    from cnnviz.ui import state
    from cnnviz.ui.controls import Setting

    state.settle_language()
    each = Setting("what", {"a": "Yes", "b": "No"}, "a")
    st.text(f"{each.draw('What', is_long=True)} {state.whole_link()['what']}")
    st.button("Lose", on_click=state.hold, args=(each.key, "gone"))


def test_a_setting_takes_the_link_and_stands_in_it_unless_it_is_the_default():
    assert opened(setting).text[0].value == "a None"
    assert opened(setting, what="b").text[0].value == "b b"
    assert opened(setting, what="c").text[0].value == "a None"
    app = opened(setting, what="b")
    app.selectbox[0].set_value("a").run()
    assert app.text[0].value == "a None"


def test_a_setting_whose_value_is_no_longer_offered_starts_again():
    app = opened(setting, what="b")
    app.button[0].click().run()
    assert app.text[0].value == "b b"


def sections():
    import streamlit as st

    from cnnviz.ui import controls, state

    state.settle_language()
    table = {"one": ("Yes", lambda given: st.text(f"1 {given}")), "two": ("No", st.text)}
    controls.choose_section("then", table)("x")


def test_the_first_section_is_open_until_the_link_or_the_reader_names_another():
    assert opened(sections).text[0].value == "1 x"
    assert opened(sections, then="two").text[0].value == "x"
