"""What cnnviz assumes of Streamlit's insides: one test an assumption, each fails where it breaks.

What only a browser shows is in `tests/e2e/test_frame.py`; `docs/streamlit-upgrade.md` lists all.
"""

import ast
import inspect
import re
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest

from cnnviz.ui import streamlit_internals as internals
from tests.ui.opening import ROOT

STATIC = Path(st.__file__).parent / "static"
DOCUMENTED = {"components", "column_config"}
"""Modules that are part of Streamlit's documented interface."""
READ_MESSAGES = {
    "tests/ui/training/test_training.py",
    "tests/e2e/test_lab_keyboard.py",
    "benchmarks/protocol.py",
    "benchmarks/widgets.py",
}
"""What reads or writes Streamlit's messages between server and browser: no page rests on that."""

SERVED = """
import os, sys, threading, time
from pathlib import Path
from streamlit import runtime
from cnnviz.ui import streamlit_internals as internals

def look():
    before = internals.is_serving()
    while not internals.is_serving():
        time.sleep(0.02)
    files = runtime.get_instance()._uploaded_file_mgr
    port = internals.st.get_option("server.port")
    print(before, port, isinstance(files, internals.MemoryUploadedFileManager), flush=True)
    os._exit(0)

threading.Thread(target=look, daemon=True).start()
internals.serve(Path("app.py"), ["--server.port", sys.argv[1]], lambda: None)
"""


def test_a_server_starts_on_its_port_says_so_and_holds_uploads_in_memory(unused_tcp_port):
    port = str(unused_tcp_port)
    found = subprocess.run(
        [sys.executable, "-c", SERVED, port], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert found.stdout.split()[-3:] == ["False", port, "True"], found.stderr


@pytest.fixture
def unused_tcp_port():
    """A port that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def test_settings_are_read_again_and_again_and_each_time_we_have_the_last_word(monkeypatch):
    heard = []
    forget = internals.config.on_config_parsed(
        lambda: heard.append(internals.override("theme.primaryColor", "#123456")),
        force_connect=True,
    )
    try:
        for times in (1, 2):
            internals.config.get_config_options(force_reparse=True)
            assert len(heard) == times
            assert st.get_option("theme.primaryColor") == "#123456"
    finally:
        forget()
        internals.config.get_config_options(force_reparse=True)


def test_streamlit_says_where_it_is_in_the_network_and_writes_addresses_of_itself():
    internals.override("server.baseUrlPath", "/aula/")
    try:
        assert internals.address_at("[::1]") == f"http://[::1]:{st.get_option('server.port')}/aula"
    finally:
        internals.override("server.baseUrlPath", "")
    assert re.fullmatch(r"\d+(\.\d+){3}", internals.address_in_network())


def test_the_pages_directory_can_be_declared_unused():
    assert "uses_pages_directory" in vars(internals.PagesManager)
    source = inspect.getsource(inspect.getmodule(st.navigation))
    assert "PagesManager.uses_pages_directory = False" in source, "as st.navigation does itself"


def test_a_file_that_is_let_go_leaves_the_memory(monkeypatch):
    manager = internals.MemoryUploadedFileManager("/_stcore/upload_file")
    held = UploadedFileRec(file_id="1", name="a.png", type="image/png", data=b"bytes")
    manager.add_file("session", held)
    file = internals.UploadedFile(held, SimpleNamespace())
    context = SimpleNamespace(uploaded_file_mgr=manager, session_id="session")
    monkeypatch.setattr(internals, "get_script_run_ctx", lambda: context)
    assert manager.get_files("session", ["1"])
    internals.let_go(file)
    assert manager.get_files("session", ["1"]) == []


def test_a_run_has_a_context_with_the_uploads_of_its_session():
    def look():
        import streamlit as st

        from cnnviz.ui import streamlit_internals as internals

        context = internals.get_script_run_ctx()
        manager = isinstance(context.uploaded_file_mgr, internals.MemoryUploadedFileManager)
        st.text(f"{manager} {bool(context.session_id)}")

    app = AppTest.from_function(look, default_timeout=30).run()
    assert app.text[0].value == "True True"


def test_a_value_that_is_set_anew_is_sent_to_the_browser_again():
    def page(anew):
        import streamlit as st

        from cnnviz.ui import streamlit_internals as internals

        if anew:
            internals.set_anew("box", ["a", "b"])
            internals.set_anew("other", ["a", "b"])
        st.selectbox("Box", ["a", "b"], format_func=str.upper, key="box")
        st.text(sorted(st.session_state))

    for anew in (False, True):
        app = AppTest.from_function(page, default_timeout=30, kwargs={"anew": anew}).run()
        app.selectbox(key="box").set_value("b").run()
        assert app.selectbox(key="box").value == "b"
        assert app.selectbox(key="box").proto.set_value is anew
        assert app.text[0].value == "['box']", "what holds nothing is left alone"


@pytest.mark.parametrize(
    "mark", ["stElementContainer", "data-stale", "stLayoutWrapper", "st-key-", "stConnectionStatus"]
)
def test_elements_of_the_page_are_called_as_our_styles_say(mark):
    scripts = (STATIC / "static" / "js").glob("index.*.js")
    assert any(mark in script.read_text(encoding="utf-8") for script in scripts)


def test_the_styles_name_these_elements():
    assert 'data-testid="stElementContainer"' in internals.CALM
    assert "st-key-here)" in internals.sticky("here")


def test_the_options_that_the_app_rests_on_exist():
    for option in ("runner.postScriptGC", "server.disconnectedSessionTTL"):
        assert st.get_option(option) is not None


def test_each_run_of_a_page_starts_with_no_language_of_its_thread():
    """`state` keeps the language of a run in a context variable, which a new run must not see."""

    def page():
        import streamlit as st

        from cnnviz.ui import state

        st.text(str(state._language.get()))
        state._language.set("pt_BR")

    app = AppTest.from_function(page, default_timeout=30)
    assert [app.run().text[0].value for _ in range(2)] == ["None", "None"]


def ours():
    roots = [ROOT / name for name in ("cnnviz", "pages", "tests", "benchmarks")]
    return [ROOT / "app.py", *(path for root in roots for path in root.rglob("*.py"))]


def private_names(path):
    """What a file takes of Streamlit that is no documented `st.` name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names if each.name.startswith("streamlit.")]
            yield from names
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "streamlit":
            yield node.module
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "st":
            named = getattr(st, node.attr, None)
            if node.attr.startswith("_") or (
                inspect.ismodule(named) and node.attr not in DOCUMENTED
            ):
                yield f"st.{node.attr}"


def test_no_other_module_of_ours_takes_what_is_private():
    taken = {}
    for path in ours():
        name = str(path.relative_to(ROOT))
        found = set(private_names(path))
        if name.startswith("tests/"):
            found = {each for each in found if not each.startswith("streamlit.testing")}
        if found and name not in READ_MESSAGES:
            taken[name] = sorted(found)
    assert "streamlit.web" in taken.pop("cnnviz/ui/streamlit_internals.py")
    taken.pop("tests/ui/test_streamlit_internals.py")
    assert taken == {}
