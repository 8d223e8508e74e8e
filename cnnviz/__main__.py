"""`python -m cnnviz`, for what starts modules and no commands, such as torchrun."""

from cnnviz.cli import app

app(prog_name="cnnviz")
