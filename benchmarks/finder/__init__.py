"""Trains the finder of digits, `cnnviz/weights/finder.npz`.

uv run python -m benchmarks.finder DATA [--pictures N] [--steps N] [--into FILE]

DATA is the folder that holds MNIST/raw; only its 60,000 training digits are used, on pages that
`tests/pictures/digit_photos/mixed.py` draws. The seed of each picture is its number, so a second
run draws the same ones, and takes them in the same order.

The shipped weights come from two rounds on such pictures, 28,000 and 44,000 of them, of 2,800 and
3,300 steps; the first round knew no thin pens, and the order of its batches was not kept. So a new
run ends with other weights: judge them by `python -m benchmarks --only digits` before they replace
the old ones. One core needs an hour and a half.
"""
