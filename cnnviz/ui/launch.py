"""Starts the server, with torch already on its way when the first person comes."""

from __future__ import annotations

from pathlib import Path

from streamlit.web import bootstrap

from cnnviz.ui import resources

APP = Path(__file__).resolve().parents[2] / "app.py"


def main(port: int | None = None) -> None:
    """Serve the app until interrupted.

    Args:
        port: TCP port; None for Streamlit's own default, 8501.
    """
    if not APP.is_file():
        raise SystemExit("The app is started from a checkout of cnnviz: app.py is not beside it.")
    resources.warm()
    options = {"server.port": port} if port else {}
    bootstrap.load_config_options(options)
    bootstrap.run(str(APP), False, [], options)
