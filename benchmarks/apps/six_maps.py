"""The product with one more page, `/six_maps`: six filters at once, made of the product's parts."""

from functools import partial

from benchmarks.apps import pages_with, run_app
from cnnviz.ui import nav

if not isinstance(nav.pages, partial):  # the script runs again and again; the module stays
    nav.pages = partial(pages_with, nav.pages, "six_maps")
run_app()
