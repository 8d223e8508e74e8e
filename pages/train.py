"""How does a network of my own learn, and what of it makes it better?"""

import streamlit as st

from cnnviz.ui import nav, show
from cnnviz.ui.components.browser import agree_on_person
from cnnviz.ui.data_sets import is_here, show_pictures
from cnnviz.ui.text import _
from cnnviz.ui.training.design import choose_dataset, choose_design, show_layers
from cnnviz.ui.training.kept import keep
from cnnviz.ui.training.run import board
from cnnviz.ui.training.runs import own_runs, prepare, seen_runs, take_refusal
from cnnviz.ui.training.search import search
from cnnviz.ui.training.settings import choose_config, start_button
from cnnviz.ui.training.watch import say_where, watch

nav.guard()
show.heading(
    _("Training"),
    _(
        "Design a network, let it learn from pictures, and watch it get better, epoch by epoch; "
        "then compare it with your others."
    ),
)
left, right = st.columns([3, 2], gap="large")
with left:
    dataset = choose_dataset()
    is_there = False
    with show.explained(), show.waiting(200):
        is_there = is_here(dataset)
        if is_there:
            show_pictures(dataset)
    design = choose_design()
    st.header(_("How it is trained"), anchor=False)
    choose_config()
is_possible = False
with right, show.explained():
    show_layers(design.spec(dataset))
    is_possible = is_there
with right:
    start_button(dataset, is_possible=is_possible)
    refused = take_refusal()
    if refused:
        show.refusal(refused)
    beside = st.container()
with show.waiting(200):
    seen = seen_runs()
    runs = own_runs(seen)
    with beside:
        say_where(runs)
    watch(runs)
    keep(runs)
    search(dataset, is_possible=is_possible)
    board(seen)
st.caption(
    _(
        "These runs belong to this browser, which keeps a random number for you; "
        "nobody else sees them unless you share them."
    )
)
agree_on_person()
prepare()
