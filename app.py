"""The frame around every page: configuration, language, device, navigation."""

import streamlit as st

from cnnviz.ui import nav, resources, state

st.set_page_config(page_title="cnnviz", page_icon=":material/grid_on:", layout="wide", initial_sidebar_state=230)
state.settle_language()
resources.warm()
page = st.navigation(nav.pages())
nav.frame()
state.mark_framed()
page.run()
state.write_link()
