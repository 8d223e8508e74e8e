"""The widgets that the lab's pages have, as Streamlit makes them: nothing of ours."""

import base64

import streamlit as st

st.set_page_config(layout="wide")
st.title("Bare")
st.segmented_control("Words", ["One", "Two", "Three"], default="One", required=True, help="Help")
st.selectbox("One of many", ["One", "Two"])
st.number_input("Number", 0, 5, 1, help="Help")
st.text_area("Rows", "1 0 -1")
with st.popover("Popover"):
    st.text_input("Query")
    st.button("Tertiary", type="tertiary", help="Help")
with st.expander("Expander"):
    st.markdown("Markdown $x$")
st.slider("Slider", 0, 5)
st.button("Button")
st.button("Off", disabled=True)
st.download_button("Download", b"1")
st.code("import torch\n# a comment\n" + "print(1.5, 'text', None)\n" * 60, "python", height=460)
st.caption("Caption *in italics* $x^2$")
st.info("Info", icon=":material/target:")
st.success("Success", icon=":material/check:")
st.error("Error")
drawing = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
st.image("data:image/svg+xml;base64," + base64.b64encode(drawing).decode(), alt="Drawing")
