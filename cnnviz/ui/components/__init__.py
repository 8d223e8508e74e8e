"""Our own Streamlit components: canvas, plain JavaScript and CSS, no build step.

Everywhere `key` is the key of the mounted component, and `unit` is what shown values are multiplied
with: 255 shows pixels as 0…255, 1 as they are computed.
"""
