"""The frame around every page: configuration, language, device, navigation."""

import streamlit as st

from cnnviz.ui import nav, resources, state

state.settle_language()
resources.warm()
page = st.navigation(nav.pages())
nav.configure(page.title)
nav.frame()
state.mark_framed()
try:
    page.run()
finally:  # a page that stops early has a link too
    state.write_link()
