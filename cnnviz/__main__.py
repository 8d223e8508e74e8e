"""The command `cnnviz`, also as `python -m cnnviz` for what starts modules, such as torchrun."""

from __future__ import annotations

import sys

from cnnviz import ending


def main() -> None:
    """Do what is asked; end with 130 after Ctrl-C and 143 after SIGTERM, whatever was at work."""
    ending.heed()
    try:
        _run()
    except BaseException:
        code = ending.code()
        if code is None:
            raise
        ending.leave(code)


def _run() -> None:
    """Serve at once where nothing else is asked; what else there is stands in `cnnviz.cli`.

    The commands bring NumPy and all of `core` along, which a server can load while the first
    browser still fetches Streamlit’s scripts.
    """
    match sys.argv[1:]:
        case ["app", *words] if "--help" not in words:
            from cnnviz.ui.launch import main as serve

            serve(words)
        case _:
            from cnnviz.cli import app

            app(prog_name="cnnviz")


if __name__ == "__main__":
    main()
