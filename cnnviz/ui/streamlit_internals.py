"""All that cnnviz takes of Streamlit beyond its documented interface.

Private modules, names of elements on Streamlit's page, and habits of its own. Each has a test in
`tests/ui/test_streamlit_internals.py`; `docs/streamlit-upgrade.md` says what to do with the next
version. `components/browser/browser.js` has those of the browser: how addresses become steps of its
Back, and what stands on the page while there is no connection.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from click import ClickException
from streamlit import config, net_util, runtime
from streamlit.delta_generator import DeltaGenerator as DeltaGenerator
from streamlit.proto.NewSession_pb2 import Config
from streamlit.runtime import RuntimeState
from streamlit.runtime.app_session import _populate_config_msg
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState
from streamlit.runtime.uploaded_file_manager import UploadedFile as UploadedFile
from streamlit.web import cli
from streamlit.web.server import server_util

CALM = (
    '<style>[data-testid="stElementContainer"][data-stale="true"]'
    "{ opacity: 1 !important; transition: none !important }</style>"
)
"""Nothing fades while a run goes on. Streamlit gives every element that waits for its turn a
transition, hence a layer of its own in the browser, and paints the page anew when they come and
when they go: a third of the time from a click to its answer on `/convolution`."""


def sticky(key: str) -> str:
    """Return the style that keeps the container of this key in sight while the page scrolls."""
    return (
        "<style>@media (min-width: 700px) {"
        f'[data-testid="stLayoutWrapper"]:has(> .st-key-{key}) {{ position: sticky; top: 4rem; }}'
        "}</style>"
    )


def serve(script: Path, words: Sequence[str], settled: Callable[[], None]) -> None:
    """Serve an app until interrupted, as `streamlit run` does from any folder.

    Until `st.navigation` says otherwise in the first run, Streamlit would take the files in pages/
    for the pages, and draw their sidebar before ours has said how wide it is.

    Args:
        script: The app; the settings in `.streamlit` beside it count.
        words: Options as `streamlit run` has them, such as `--server.port=8600`.
        settled: Called whenever Streamlit has read all settings, before it heeds them.

    Raises:
        ValueError: an option or a variable is wrong; one sentence that names it.
        SystemExit: the port is taken, which Streamlit has said.
        OSError: the address is none of this computer's, or the port may not be used.
    """
    PagesManager.uses_pages_directory = False
    config.on_config_parsed(settled, force_connect=True)
    run = cli.main_run
    try:
        with run.make_context("cnnviz app", [str(script), *words]) as context:
            if context.params["args"]:
                raise ValueError(f"Unexpected: {' '.join(context.params['args'])}")
            run.invoke(context)
    except ClickException as error:
        raise ValueError(error.format_message()) from None


def override(option: str, value: Any) -> None:
    """Set one of Streamlit's settings, whatever was read before."""
    config.set_option(option, value)


def check_settings() -> None:
    """Make what every page is told of the settings; with a wrong one none would ever open.

    Raises:
        Exception: of any kind; it names what is wrong.
    """
    _populate_config_msg(Config())


def address_at(host: str) -> str:
    """Return the address of this server's start page on a host."""
    return server_util.get_url(host)


def address_in_network() -> str:
    """Return this computer's address in its network; its own, 127.0.0.1, where it is in none."""
    return net_util.get_internal_ip() or "127.0.0.1"


def is_serving() -> bool:
    """Whether the server of this process listens on its port."""
    return runtime.exists() and runtime.get_instance().state is not RuntimeState.INITIAL


def let_go(file: UploadedFile) -> None:
    """Take a file out of Streamlit's memory, which would keep it until the session ends."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def set_anew(key: str, options: Container[Any]) -> None:
    """Set a select box's value anew, so that the browser shows it in the language in force.

    The box keeps the words it was chosen in until its value is set, and sends them again with the
    next change, when they are none of its options any more. A value that is none is left alone.
    """
    if key in st.session_state and st.session_state[key] in options:
        st.session_state[key] = st.session_state[key]


def answer_errors(answer: Callable[[Exception], bool]) -> None:
    """Have a function answer what goes wrong in this session, instead of Streamlit's red box.

    It is asked for errors in pages, in fragments that run alone, and in callbacks, and says whether
    it has shown something. `st.App` takes such a function; a script that is served has to reach
    for its session, which runs its fragments and callbacks long after the script has ended.
    """
    context = get_script_run_ctx()
    if context is None:
        return
    context.on_script_error = answer
    manager = getattr(runtime.get_instance(), "_session_mgr", None) if runtime.exists() else None
    session = manager and manager.get_active_session_info(context.session_id)
    if session is not None:
        session.session._on_script_error = answer


def fragment_at_work() -> str | None:
    """Return the id of the fragment that is being drawn; None in the page, and in a callback."""
    return ThreadState.get().fragment_id if get_script_run_ctx() is not None else None


def start_over() -> None:
    """Ask for the page anew, as `st.rerun` does, once what runs now has ended."""
    context = get_script_run_ctx()
    asked = context.script_requests if context is not None else None
    if context is not None and asked is not None:
        asked.request_rerun(
            RerunData(query_string=context.query_string, page_script_hash=context.page_script_hash)
        )
