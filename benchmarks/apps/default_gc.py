"""The product with Python's and Streamlit's own garbage collection: nothing is ever settled.

Served with `runner.postScriptGC` at Streamlit's default, which is on.
"""

from benchmarks.apps import run_app
from cnnviz.ui import resources

resources.settle_garbage = lambda: None
run_app()
