"""Streamlit: navigation, words, state, caching, controls and components."""
