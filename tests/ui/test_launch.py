"""`cnnviz app` is started as `streamlit run app.py` is, from any folder and by anybody."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from cnnviz.ui import launch, reach
from cnnviz.ui import streamlit_internals as internals
from cnnviz.ui.places import SITE

ASKED = (
    "server.address", "server.port", "server.baseUrlPath", "server.maxUploadSize",
    "client.showErrorDetails", "client.toolbarMode", "theme.light.primaryColor",
    "browser.serverAddress",
)  # fmt: skip


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Start the app up to its server; returns the settings that it would have."""
    with monkeypatch.context() as patched:
        for name in [name for name in os.environ if name.startswith("STREAMLIT_")]:
            patched.delenv(name)
        patched.setattr(internals.config, "_main_script_path", None)
        patched.setattr(launch, "_prepare", lambda: None)
        patched.setattr(launch, "_share_memory", lambda: None)

        def started(*words, folder=tmp_path, home=tmp_path, **variables):
            found = {}

            def run(script, *rest):
                found.update({name: launch.st.get_option(name) for name in ASKED})
                found.update(script=script, welcome=reach.welcome())

            patched.setattr(internals.cli.bootstrap, "run", run)
            patched.chdir(folder)
            patched.setenv("HOME", str(home))
            if home is None:
                patched.delenv("HOME")
            for name, value in variables.items():
                patched.setenv(f"STREAMLIT_{name}", value)
            launch.main(words)
            return found

        yield started
    internals.config.get_config_options(force_reparse=True)


def configured(folder, text):
    (folder / ".streamlit").mkdir(parents=True)
    (folder / ".streamlit" / "config.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_settings_of_the_project_count_in_any_folder(settings):
    found = settings()
    assert found["script"] == str(SITE / "app.py")
    assert found["server.maxUploadSize"] == 10
    assert found["client.showErrorDetails"] == "none"
    assert found["client.toolbarMode"] == "viewer"
    assert found["theme.light.primaryColor"] == "#c2005f"
    assert (found["server.address"], found["server.port"]) == ("127.0.0.1", 8501)
    assert "http://127.0.0.1:8501\n" in found["welcome"]
    assert "Only this computer can open it" in found["welcome"]
    assert "--address 0.0.0.0" in found["welcome"]


def test_a_variable_goes_before_the_project_and_an_option_before_a_variable(settings):
    found = settings(
        "--port",
        "8600",
        "--client.toolbarMode=minimal",
        SERVER_ADDRESS="0.0.0.0",
        SERVER_PORT="8700",
        SERVER_BASE_URL_PATH="aula/cnn",
        SERVER_MAX_UPLOAD_SIZE="25",
        CLIENT_SHOW_ERROR_DETAILS="full",
    )
    assert (found["server.address"], found["server.port"]) == ("0.0.0.0", 8600)
    assert found["server.baseUrlPath"] == "aula/cnn"
    assert found["server.maxUploadSize"] == 25
    assert found["client.showErrorDetails"] == "full"
    assert found["client.toolbarMode"] == "minimal"
    assert "http://localhost:8600/aula/cnn\n" in found["welcome"]
    assert "no log-in" in found["welcome"]


def test_files_of_the_home_and_the_folder_say_what_the_project_leaves_open(settings, tmp_path):
    home = configured(tmp_path / "home", "server.port = 8601\nserver.baseUrlPath = 'home'\n")
    folder = configured(
        tmp_path / "folder",
        "[server]\nport = 8602\nmaxUploadSize = 500\n[client]\nshowErrorDetails = 'full'\n",
    )
    found = settings(folder=folder, home=home)
    assert (found["server.port"], found["server.baseUrlPath"]) == (8602, "home")
    assert (found["server.maxUploadSize"], found["client.showErrorDetails"]) == (10, "none")


def test_variables_that_are_empty_say_nothing(settings):
    found = settings(SERVER_PORT="", SERVER_ADDRESS="")
    assert (found["server.address"], found["server.port"]) == ("127.0.0.1", 8501)


@pytest.mark.parametrize("given", ["::1", "[::1]"])
def test_an_ipv6_address_is_listened_on_without_brackets_and_written_with_them(settings, given):
    found = settings("--address", given)
    assert (found["server.address"], found["browser.serverAddress"]) == ("::1", "[::1]")
    assert "http://[::1]:8501\n" in found["welcome"]
    assert "Only this computer can open it" in found["welcome"]


@pytest.mark.parametrize("home", [None, "", "/nonexistent", "file", "relative"])
def test_no_home_is_needed(settings, tmp_path, home):
    (tmp_path / "file").touch()
    place = tmp_path / home if home == "file" else home
    assert settings(home=place)["server.maxUploadSize"] == 10


def test_no_folder_to_stand_in_is_needed(tmp_path, monkeypatch):
    stood = []
    monkeypatch.setattr(Path, "cwd", lambda: (_ for _ in ()).throw(FileNotFoundError()))
    monkeypatch.setattr(os, "chdir", stood.append)
    launch._stand_somewhere()
    assert stood == [SITE]


def test_who_has_no_home_gets_one_that_is_not_there(monkeypatch):
    def nobody():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setenv("HOME", "anything")
    monkeypatch.setattr(Path, "home", nobody)
    launch._stand_somewhere()
    assert os.environ["HOME"] == "/nonexistent"


@pytest.mark.parametrize(
    ("words", "variables", "code", "sentence"),
    [
        (["--port", "x"], {}, 2, "'--server.port'"),
        ([], {"SERVER_PORT": "abc"}, 2, "'STREAMLIT_SERVER_PORT'"),
        ([], {"SERVER_HEADLESS": "maybe"}, 2, "'maybe' is not a valid boolean"),
        (["--prot", "8600"], {}, 2, "No such option '--prot'"),
        (["--port"], {}, 2, "requires an argument"),
        (["hello"], {}, 2, "Unexpected: hello"),
        (["--", "1", "2"], {}, 2, "Unexpected: 1 2"),
        ([], {"SERVER_MAX_CACHE_DATA_SIZE": "much"}, 1, "server.maxCacheDataSize"),
        ([], {"THEME_BASE": "none.toml"}, 1, "none.toml"),
        ([], {"CLIENT_TOOLBAR_MODE": "none"}, 1, "ToolbarMode has no value"),
    ],
)
def test_what_cannot_be_is_one_sentence(settings, capsys, words, variables, code, sentence):
    with pytest.raises(SystemExit) as end:
        settings(*words, **variables)
    said = capsys.readouterr()
    assert (end.value.code, said.out) == (code, "")
    assert said.err.startswith("The app cannot be started. ")
    assert sentence in said.err
    assert said.err.count("\n") == 1


def test_an_address_that_cannot_be_listened_on_is_one_sentence(monkeypatch, capsys):
    def refuse(*words):
        raise OSError(99, "Cannot assign requested address")

    monkeypatch.setattr(launch, "serve", refuse)
    monkeypatch.setattr(launch, "_prepare", lambda: None)
    with pytest.raises(SystemExit) as end:
        launch.main()
    said = capsys.readouterr().err
    assert end.value.code == 1
    assert "Address " in said
    assert said.endswith(": Cannot assign requested address.\n")


@pytest.mark.parametrize("words", [[], ["--logger.hideWelcomeMessage=true"]])
def test_a_reader_of_the_greeting_who_has_gone_stops_nothing(monkeypatch, words):
    done = []
    monkeypatch.setattr(launch, "is_serving", lambda: True)
    monkeypatch.setattr(launch._GREETS, "is_set", lambda: not words)
    monkeypatch.setattr("sys.stdout", SimpleNamespace(write=refused, flush=refused))
    monkeypatch.setattr("cnnviz.ui.resources.warm", lambda after_s: done.append(after_s))
    launch._prepare()
    assert done == [launch._TORCH_AFTER_S]


def refused(*words):
    raise BrokenPipeError(32, "Broken pipe")


def test_who_asks_for_silence_is_not_greeted(monkeypatch):
    for silence in (True, False):
        greets = launch.threading.Event()
        monkeypatch.setattr(launch, "_GREETS", greets)
        monkeypatch.setattr(launch.st, "get_option", {"logger.hideWelcomeMessage": silence}.get)
        monkeypatch.setattr(launch, "override", lambda *words: None)
        monkeypatch.setattr(launch, "check_settings", lambda: None)
        launch._settle()
        assert greets.is_set() is not silence


def test_the_server_does_not_take_the_files_in_pages_for_its_pages(monkeypatch):
    taken = []
    monkeypatch.setattr(internals.PagesManager, "uses_pages_directory", None)
    monkeypatch.setattr(launch, "_prepare", lambda: None)
    monkeypatch.setattr(launch, "_share_memory", lambda: None)
    monkeypatch.setattr(
        "streamlit.web.cli._main_run",
        lambda *words, **options: taken.append(internals.PagesManager.uses_pages_directory),
    )
    launch.main(["--port", "8600"])
    assert taken == [False]
