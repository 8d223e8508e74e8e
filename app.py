"""The frame around every page: configuration, language, device, navigation."""

from cnnviz.ui import frame, nav, resources, state
from cnnviz.ui.components.browser import agree_with_browser, write_link

with frame.answered():
    page = nav.navigate()
    frame.draw()
    state.mark_framed()
    try:
        page.run()
    finally:  # a page that stops early has a link too
        agree_with_browser()
        write_link(state.whole_link(), key="app.link")
        resources.warm(after_s=2)
