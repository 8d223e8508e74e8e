"""Trains the finder of digits, `cnnviz/weights/finder.npz`.

uv run python -m benchmarks.finder DATA [--pictures N] [--steps N] [--into FILE]

DATA is the folder that holds MNIST/raw; only its 60,000 training digits are used, on pages that
`tests/pictures/digit_photos/mixed.py` draws. The seed of each picture is its number, so a second
run draws the same. The shipped weights come from 44,000 pictures and 5,600 steps in two rounds, the
second begun from the first's weights; one processor core needs an hour and a half.
"""
