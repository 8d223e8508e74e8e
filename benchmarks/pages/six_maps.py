"""What do six filters make of the same picture? Only to be timed: the parts are the product's."""

import numpy as np
import streamlit as st

from cnnviz import nn
from cnnviz.core.kernels import KERNELS
from cnnviz.ui import nav, show
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.lab import moves
from cnnviz.ui.pictures import prepared
from cnnviz.ui.pictures.changing import changed
from cnnviz.ui.pictures.choose import choose_picture

SIX = ("identity", "gaussian", "sharpen", "sobel-x", "sobel-y", "laplacian")


nav.guard()
show.heading("Six maps", "Six filters slide over the same picture.")
lab = prepared.lab_picture(changed(choose_picture()), is_grey=True)
with st.container(horizontal=True, vertical_alignment="bottom"):
    spec = moves.choose().spec((3, 3))
weights = np.stack([KERNELS[kernel].weights(3)[None] for kernel in SIX])  # (6, 1, 3, 3)
with show.waiting(420):
    trace = nn.convolve(lab.image, weights, spec, np.zeros(len(SIX), np.float32))
stage = Stage("maps", "Feature maps", "signed", trace.output, columns=3)
wall([stage], key="six_maps.wall", layout="wall")
