"""What the peers share: the job, the samples that fit, and the talk with the runner."""
import argparse
import os
import sys
import time
from types import SimpleNamespace

import torch
from PIL import Image
from torch.utils.data import Dataset

MEAN = torch.tensor([0.485, 0.456, 0.406])
STD = torch.tensor([0.229, 0.224, 0.225])
IGNORE = 255
# Seconds that the passes of a turn may take; with them the runner plans the time of a whole run.
LONGEST_TURN = 10


def job(**own):
    """The runner's arguments; `own` names further options with their defaults."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--crop", default="320x480")
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--device", default="cpu")
    for name, default in own.items():
        parser.add_argument("--" + name, type=type(default), default=default)
    settings = parser.parse_args()
    settings.crop = tuple(int(side) for side in settings.crop.split("x"))
    return settings


def samples(settings):
    """Paths of the images and labels of train that hold a crop."""
    with open(os.path.join(settings.root, "ImageSets", "Segmentation", "train.txt")) as lines:
        ids = lines.read().split()
    kept = []
    for name in ids:
        image = os.path.join(settings.root, "JPEGImages", name + ".jpg")
        with Image.open(image) as header:
            width, height = header.size
        if height >= settings.crop[0] and width >= settings.crop[1]:
            label = os.path.join(settings.root, "SegmentationClass", name + ".png")
            kept.append(SimpleNamespace(image=image, label=label, height=height, width=width))
    return kept


class Samples(Dataset):
    """Those samples; how they are read is the peer's own."""

    def __init__(self, settings):
        self.settings = settings
        self.crop = settings.crop
        self.samples = samples(settings)

    def __len__(self):
        return len(self.samples)


def palette():
    """VOC's 21 colours, from the bits of the class index."""
    colors = []
    for index in range(21):
        red = green = blue = 0
        for bit in range(7, -1, -1):
            red |= (index & 1) << bit
            green |= (index >> 1 & 1) << bit
            blue |= (index >> 2 & 1) << bit
            index >>= 3
        colors.append((red, green, blue))
    return colors


def color_table(dtype=torch.int64):
    """256^3 class indices, as the textbook's table, with 255 for every colour that is no class."""
    table = torch.full((256**3,), IGNORE, dtype=dtype)
    for index, (red, green, blue) in enumerate(palette()):
        table[(red * 256 + green) * 256 + blue] = index
    return table


class Shuffled:
    """An order for DataLoaders. One epoch of several passes keeps many workers busy: each makes whole batches, and a pass has few."""

    def __init__(self, dataset, settings):
        self.dataset = dataset
        self.settings = settings

    def __len__(self):
        return self.settings.passes * len(self.dataset)

    def __iter__(self):
        for _ in range(self.settings.passes):
            yield from torch.randperm(len(self.dataset)).tolist()


def finish(settings):
    """Waits for a GPU: what is only queued is not done."""
    if settings.device.startswith("cuda"):
        torch.cuda.synchronize()


def random_window(height, width, crop):
    top = int(torch.randint(0, height - crop[0] + 1, (1,)))
    left = int(torch.randint(0, width - crop[1] + 1, (1,)))
    return top, left


def serve(epoch, settings):
    """Warms up, then measures whole epochs whenever the runner says so. `epoch()` yields (image, label) batches."""
    images, mean, void, background = 0, 0.0, 0.0, 0.0
    # Of many passes a quarter warms up, and tells how many there is time for.
    passes = getattr(settings, "passes", 1)
    settings.passes = -(-passes // 4)
    start = None
    for image, label in epoch():
        # From the first batch on: before it workers start.
        start = start or time.perf_counter()
        assert image.dtype == torch.float32 and image.shape == (settings.batch, 3, *settings.crop)
        assert label.dtype == torch.int64 and label.shape == (settings.batch, *settings.crop)
        images += len(image)
        mean += float(image.mean())
        void += float((label == IGNORE).float().mean())
        background += float((label == 0).float().mean())
    finish(settings)
    settings.passes = max(1, min(passes, int(settings.passes * LONGEST_TURN / (time.perf_counter() - start))))
    batches = images // settings.batch
    print(f"READY images={images} mean={mean / batches:.4f} void={void / batches:.4f} background={background / batches:.4f}", flush=True)

    for line in sys.stdin:
        if line.strip() != "GO":
            break
        images = 0
        start = time.perf_counter()
        while True:
            for image, label in epoch():
                images += len(image)
            # Released as a training loop would, not held over the end of the epoch.
            image = label = None
            if time.perf_counter() - start >= settings.seconds:
                break
        finish(settings)
        elapsed = time.perf_counter() - start
        print(f"{images} {elapsed:.6f}", flush=True)
