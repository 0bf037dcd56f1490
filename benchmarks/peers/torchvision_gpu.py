"""The device does what it can. --decode device: workers give files and label windows, torchvision decodes a batch of JPEGs at once on the GPU, windows
are cut there. --decode workers: they decode and cut, and only bytes go over. Either way the device makes floats and class indices of a whole batch."""
import numpy
import torch
from PIL import Image
from torch.utils.data import BatchSampler, DataLoader
from torchvision.io import ImageReadMode, decode_jpeg, read_file

import peer

# Floats from bytes: byte * SCALE + BIAS.
SCALE = 1 / (255 * peer.STD)
BIAS = -peer.MEAN / peer.STD


class Batches(peer.Samples):
    """A batch at a time, so that it crosses from a worker as a few large tensors."""

    def __getitem__(self, indices):
        rows, columns = self.crop
        windows, files = [], []
        pixels = torch.empty(len(indices), 3, rows, columns, dtype=torch.uint8) if self.settings.decode == "workers" else None
        labels = torch.empty(len(indices), rows, columns, dtype=torch.uint8)
        for slot, index in enumerate(indices):
            sample = self.samples[index]
            top, left = peer.random_window(sample.height, sample.width, self.crop)
            file = read_file(sample.image)
            if pixels is None:
                files.append(file)
                windows.append((top, left))
            else:
                pixels[slot] = decode_jpeg(file, ImageReadMode.RGB)[:, top:top + rows, left:left + columns]
            labels.numpy()[slot] = numpy.asarray(Image.open(sample.label))[top:top + rows, left:left + columns]
        if pixels is not None:
            return pixels, labels
        return torch.cat(files), [len(file) for file in files], windows, labels


def decode(files, device):
    """A list of files to a list of images on the device; a list in one call needs a newer torchvision, and a GPU."""
    if device.type == "cuda":
        # torchvision decodes on a stream of its own, into blocks that the last batch's kernels, queued here and not yet run, may still read
        # (pytorch/vision#9606). Without this wait the batches would be quicker, and wrong now and then: those that are checked as well as those that are timed.
        torch.cuda.current_stream(device).synchronize()
        return decode_jpeg(files, ImageReadMode.RGB, device=device)
    return [decode_jpeg(file, ImageReadMode.RGB) for file in files]


class Loop:
    def __init__(self, settings):
        self.settings = settings
        self.device = torch.device(settings.device)
        self.scale = SCALE.view(3, 1, 1).to(self.device)
        self.bias = BIAS.view(3, 1, 1).to(self.device)
        self.pixels = torch.empty(settings.batch, 3, *settings.crop, dtype=torch.uint8, device=self.device)
        dataset = Batches(settings)
        self.loader = DataLoader(
            dataset, batch_size=None, sampler=BatchSampler(peer.Shuffled(dataset, settings), settings.batch, drop_last=True),
            num_workers=settings.workers, persistent_workers=True, pin_memory=self.device.type == "cuda")

    def epoch(self):
        for batch in self.loader:
            if self.settings.decode == "workers":
                pixels = batch[0].to(self.device, non_blocking=True)
            else:
                pixels = self.cut(*batch[:3])
            image = torch.mul(pixels, self.scale).add_(self.bias)
            yield image, batch[-1].to(self.device, non_blocking=True).long()

    def cut(self, files, lengths, windows):
        rows, columns = self.settings.crop
        for slot, (image, (top, left)) in enumerate(zip(decode(list(files.split(lengths)), self.device), windows)):
            self.pixels[slot].copy_(image[:, top:top + rows, left:left + columns])
        return self.pixels


if __name__ == "__main__":
    settings = peer.job(workers=2, passes=1, decode="device")
    peer.serve(Loop(settings).epoch, settings)
