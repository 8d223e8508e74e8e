"""Our own Streamlit components: canvas, plain JavaScript and CSS, no build step."""
