"""The plain way to train on MNIST: the loop of PyTorch's example, written afresh.

As https://github.com/pytorch/examples/blob/main/mnist/main.py does it on a processor: pictures
from the files through PIL, one at a time in a DataLoader, batches of 64, Adadelta.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

BATCH = 64


class Net(nn.Module):
    """The example's network: 1.2 million parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, 1)
        self.conv2 = nn.Conv2d(32, 64, 3, 1)
        self.dropout1 = nn.Dropout(0.25)
        self.dropout2 = nn.Dropout(0.5)
        self.fc1 = nn.Linear(9216, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.conv2(F.relu(self.conv1(x))))
        x = torch.flatten(self.dropout1(F.max_pool2d(x, 2)), 1)
        x = self.fc2(self.dropout2(F.relu(self.fc1(x))))
        return F.log_softmax(x, dim=1)


def epoch(folder: Path) -> Iterator[tuple[int, float]]:
    """Train for one epoch.

    Args:
        folder: Folder that contains MNIST/raw.

    Yields:
        After each batch: how many pictures it had, and the seconds since the one before; what is
        done between two batches is not counted.
    """
    torch.manual_seed(1)
    look = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
    loader = DataLoader(datasets.MNIST(str(folder), train=True, transform=look), batch_size=BATCH)
    model = Net()
    optimizer = torch.optim.Adadelta(model.parameters(), lr=1.0)
    model.train()
    since = perf_counter()
    for data, target in loader:
        optimizer.zero_grad()
        loss = F.nll_loss(model(data), target)
        loss.backward()
        optimizer.step()
        yield len(data), perf_counter() - since
        since = perf_counter()
