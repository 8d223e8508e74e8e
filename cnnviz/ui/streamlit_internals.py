"""All that cnnviz takes of Streamlit beyond its documented interface.

Private modules, names of elements on Streamlit's page, and habits of its own. Each has a test in
`tests/ui/test_streamlit_internals.py`; `docs/streamlit-upgrade.md` says what to do with the next
version. `components/browser/browser.js` has those of the browser: how addresses become steps of its
Back, and what stands on the page while there is no connection.
"""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.delta_generator import DeltaGenerator as DeltaGenerator
from streamlit.runtime import RuntimeState
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile as UploadedFile
from streamlit.web import bootstrap

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


def serve(script: Path, port: int | None) -> None:
    """Serve an app until interrupted; a port of None is Streamlit's own default.

    Until `st.navigation` says otherwise in the first run, Streamlit would take the files in pages/
    for the pages, and draw their sidebar before ours has said how wide it is.
    """
    PagesManager.uses_pages_directory = False
    options = {"server.port": port} if port else {}
    bootstrap.load_config_options(options)
    bootstrap.run(str(script), False, [], options)


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
