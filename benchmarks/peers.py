"""The peers in Python, one a function, each the way its users write it: peers.py NAME --root DIR [--workers N] ..."""
import argparse
import functools
import itertools
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy
import torch
import torchvision
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision.io import ImageReadMode, decode_image, decode_jpeg, decode_png, read_file, read_image
from torchvision.transforms import functional

try:
    from torchvision import tv_tensors
    from torchvision.transforms import v2
except ImportError:
    v2 = None

BATCH, CROP, IGNORE = 64, (320, 480), 255
MEAN = torch.tensor([0.485, 0.456, 0.406])
STD = torch.tensor([0.229, 0.224, 0.225])
# Seconds that a turn's passes may take, and batches for each worker in it: with few most wait at an epoch's end.
LONGEST_TURN, BATCHES_A_WORKER = 10, 16


def read_samples(root, pads):
    """Paths and sizes of the images and labels of train that hold a crop, or can be padded."""
    for name in Path(root, "ImageSets", "Segmentation", "train.txt").read_text().split():
        image = os.path.join(root, "JPEGImages", name + ".jpg")
        with Image.open(image) as header:
            width, height = header.size
        if pads or height >= CROP[0] and width >= CROP[1]:
            label = os.path.join(root, "SegmentationClass", name + ".png")
            yield SimpleNamespace(image=image, label=label, height=height, width=width, by_pil=False)


def read_label(sample):
    """The palette's indices, (1, height, width), by torchvision where it gives them as they are."""
    if sample.by_pil:
        return torch.from_numpy(numpy.array(Image.open(sample.label)))[None]
    return decode_png(read_file(sample.label), ImageReadMode.UNCHANGED)


def choose_label_reader(samples):
    by_torchvision, samples[0].by_pil = read_label(samples[0]), True
    by_pil = not torch.equal(by_torchvision, read_label(samples[0]))
    for sample in samples:
        sample.by_pil = by_pil
    return "PIL" if by_pil else "decode_png"


def random_corner(height, width):
    return int(torch.randint(0, height - CROP[0] + 1, (1,))), int(torch.randint(0, width - CROP[1] + 1, (1,)))


def cut(planes, corner):
    return planes[:, corner[0]:corner[0] + CROP[0], corner[1]:corner[1] + CROP[1]]


class Samples(Dataset):
    """A data set read in the peer's own way; and a sampler over it: a random order of several passes."""

    def __init__(self, job, read, samples):
        self.job, self.read, self.samples = job, read, samples

    def __getitem__(self, index):
        return self.read(self.samples[index])

    def __iter__(self):
        for _ in range(self.job.passes):
            yield from torch.randperm(len(self.samples)).tolist()


def load(read, job, samples=None):
    """What begins an epoch of a DataLoader with workers kept alive. They fork: what is in memory is there in each."""
    dataset, options = Samples(job, read, samples or job.samples), {}
    if job.workers:
        options = {"persistent_workers": True, "multiprocessing_context": "fork" if os.name == "posix" else None}
    loader = DataLoader(
        dataset, BATCH, sampler=dataset, drop_last=True, num_workers=job.workers, pin_memory=job.on_gpu, **options)
    return loader.__iter__


def read_pil(sample):
    """torchvision's VOCSegmentation as its users run it: PIL and functional transforms."""
    corner = random_corner(sample.height, sample.width)
    image = functional.crop(Image.open(sample.image).convert("RGB"), *corner, *CROP)
    label = functional.crop(Image.open(sample.label), *corner, *CROP)
    image = functional.normalize(functional.to_tensor(image), MEAN, STD, inplace=True)
    return image, torch.from_numpy(numpy.array(label)).long()


def read_decode(sample):
    """torchvision.io, crop first, then normalize: the fast ordinary way."""
    corner = random_corner(sample.height, sample.width)
    image = cut(decode_jpeg(read_file(sample.image), ImageReadMode.RGB), corner).float().div_(255)
    return functional.normalize(image, MEAN, STD, inplace=True), cut(read_label(sample), corner)[0].long()


def read_v2(transform, sample):
    image = decode_image(read_file(sample.image), ImageReadMode.RGB)
    return transform(tv_tensors.Image(image), tv_tensors.Mask(read_label(sample)))


def augment():
    """A scale of about 0.5 to 2, by the shorter side, padded crops, flips, colours; all of it on bytes."""
    fill = {tv_tensors.Image: [124, 116, 104], tv_tensors.Mask: IGNORE}
    return v2.Compose([
        v2.RandomResize(188, 750), v2.RandomCrop(CROP, pad_if_needed=True, fill=fill), v2.RandomHorizontalFlip(),
        v2.RandomPhotometricDistort()])


def pair_by_v2(make, job):
    """transforms v2 over (Image, Mask): crops in the workers, floats of a whole batch at once, by the device."""
    if v2 is None:
        sys.exit(f"torchvision {torchvision.__version__} has no transforms.v2 with tv_tensors")
    epoch = load(functools.partial(read_v2, make()), job)
    floats, normalize = v2.ToDtype(torch.float32, scale=True), v2.Normalize(MEAN.tolist(), STD.tolist(), inplace=True)
    bring = functools.partial(torch.Tensor.to, device=job.device, non_blocking=True)
    return lambda: ((normalize(floats(bring(image))), bring(label)[:, 0].long()) for image, label in epoch())


def color_table():
    """256^3 class indices, with 255 for every colour that is no class; VOC's come from the bits of the class index."""
    table = torch.full((256**3,), IGNORE, dtype=torch.int64)
    for index in range(21):
        red, green, blue = (sum((index >> 3 * bit + part & 1) << 7 - bit for bit in range(3)) for part in range(3))
        table[(red * 256 + green) * 256 + blue] = index
    return table


def read_textbook(table, sample):
    image, label = sample
    corner = random_corner(*image.shape[1:])
    color = functional.crop(label, *corner, *CROP).permute(1, 2, 0).numpy().astype("int32")
    index = (color[:, :, 0] * 256 + color[:, :, 1]) * 256 + color[:, :, 2]
    return functional.crop(image, *corner, *CROP), table[index]


def textbook(job):
    """The d2l.ai chapter's way: all in memory, decoded and normalized; crop and colour lookup for each sample."""
    normalize = torchvision.transforms.Normalize(MEAN, STD)
    images = [normalize(read_image(sample.image, ImageReadMode.RGB).float() / 255) for sample in job.samples]
    labels = [read_image(sample.label, ImageReadMode.RGB) for sample in job.samples]
    return load(functools.partial(read_textbook, color_table()), job, list(zip(images, labels)))


def handtuned(job):
    """The best that PyTorch is known to give: threads (decoders and torch's ops release the lock), reused buffers."""
    torch.set_num_threads(1)
    # Written once here, so that no page is new when the first batch comes.
    buffers = [(torch.zeros(BATCH, 3, *CROP), torch.zeros(BATCH, *CROP, dtype=torch.int64)) for _ in range(2)]
    # The number of OpenMP threads belongs to the thread that sets it.
    pool = ThreadPoolExecutor(job.threads, initializer=lambda: torch.set_num_threads(1))
    # Floats from bytes: byte * scale + bias.
    scale, bias = (1 / (255 * STD)).tolist(), (-MEAN / STD).tolist()

    def fill(sample, image, label):
        corner = random_corner(sample.height, sample.width)
        pixels = cut(decode_jpeg(read_file(sample.image), ImageReadMode.RGB), corner)
        # A channel at a time: it is still in the cache for the second and third step.
        for channel in range(3):
            image[channel].copy_(pixels[channel]).mul_(scale[channel]).add_(bias[channel])
        label.copy_(cut(read_label(sample), corner)[0])

    def epoch():
        order = [job.samples[index] for index in torch.randperm(len(job.samples)).tolist()]
        count = len(order) // BATCH

        def submit(batch):
            own = order[batch * BATCH:(batch + 1) * BATCH] if batch < count else []
            return [pool.submit(fill, *item) for item in zip(own, *buffers[batch % 2])]

        ahead = [submit(0), submit(1)]
        for batch in range(count):
            for item in ahead[batch % 2]:
                item.result()
            yield buffers[batch % 2]
            ahead[batch % 2] = submit(batch + 2)
    return epoch


def serve(job, epoch):
    """Warms up, then measures whole epochs whenever the runner says so. `epoch()` yields (image, label) batches."""
    def batches():
        for image, label in epoch():
            yield image.to(job.device, non_blocking=True), label.to(job.device, non_blocking=True)
        # What is only queued on a GPU is not done.
        if job.on_gpu:
            torch.cuda.synchronize()

    checks, passes, start = [], job.passes, None
    # Of many passes a quarter warms up, and tells how many there is time for.
    job.passes = -(-passes // 4)
    for image, label in batches():
        # From the first batch on: before it workers start.
        start = start or time.perf_counter()
        assert image.dtype == torch.float32 and image.shape == (BATCH, 3, *CROP)
        assert label.dtype == torch.int64 and label.shape == (BATCH, *CROP)
        checks.append([float(value.float().mean()) for value in (image, label == IGNORE, label == 0)])
    job.passes = max(1, min(passes, int(job.passes * LONGEST_TURN / (time.perf_counter() - start))))
    # Released as a training loop would, not held over the end of the epoch.
    image = label = None
    mean, void, background = numpy.mean(checks, 0)
    print(f"READY mean={mean:.4f} void={void:.4f} background={background:.4f} labels={job.labels}", flush=True)
    for _ in itertools.takewhile(lambda line: line.strip() == "GO", sys.stdin):
        images, start = 0, time.perf_counter()
        while images == 0 or time.perf_counter() - start < job.seconds:
            images += sum(len(image) for image, _ in batches())
        print(f"{images} {time.perf_counter() - start:.6f}", flush=True)


if __name__ == "__main__":
    peers = {
        "pil": functools.partial(load, read_pil), "decode": functools.partial(load, read_decode), "textbook": textbook,
        "v2": functools.partial(pair_by_v2, lambda: v2.RandomCrop(CROP)), "handtuned": handtuned,
        "augment": functools.partial(pair_by_v2, augment)}
    parser = argparse.ArgumentParser()
    parser.add_argument("peer", choices=peers)
    parser.add_argument("--root", required=True)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--threads", type=int, default=0, help="torch's, or those of handtuned")
    job = parser.parse_args()
    job.on_gpu = job.device.startswith("cuda")
    torch.set_num_threads(job.threads or torch.get_num_threads())
    job.samples = list(read_samples(job.root, pads=job.peer == "augment"))
    job.labels = choose_label_reader(job.samples)
    job.passes = -(-BATCHES_A_WORKER * job.workers // (len(job.samples) // BATCH)) if job.on_gpu else 1
    serve(job, peers[job.peer](job))
