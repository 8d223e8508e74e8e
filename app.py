"""The frame around every page: configuration, language, device, navigation."""

from cnnviz.ui import nav, resources, state

resources.warm()
page = nav.navigate()
nav.frame()
state.mark_framed()
try:
    page.run()
finally:  # a page that stops early has a link too
    state.write_link()
