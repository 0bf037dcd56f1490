"""The best that PyTorch is known to give: two threads (the decoders and torch's ops release the lock) fill batch buffers that are used again."""
import queue
import threading

import numpy
import torch
from PIL import Image
from torchvision.io import ImageReadMode, decode_jpeg, read_file

import peer

SCALE = [1 / (255 * std) for std in peer.STD.tolist()]
BIAS = [-mean / std for mean, std in zip(peer.MEAN.tolist(), peer.STD.tolist())]


class Loop:
    def __init__(self, settings):
        self.settings = settings
        self.samples = peer.samples(settings)
        # Written once here, so that no page is new when the first batch comes.
        self.buffers = [
            (torch.zeros(settings.batch, 3, *settings.crop), torch.zeros(settings.batch, *settings.crop, dtype=torch.int64))
            for _ in range(2)]
        self.work = queue.SimpleQueue()
        self.done = queue.SimpleQueue()
        for _ in range(settings.threads):
            threading.Thread(target=self.fill, daemon=True).start()

    def fill(self):
        # The number of OpenMP threads belongs to the thread that sets it.
        torch.set_num_threads(1)
        rows, columns = self.settings.crop
        while True:
            sample, image, label, batch = self.work.get()
            try:
                top, left = peer.random_window(sample.height, sample.width, self.settings.crop)
                photo = decode_jpeg(read_file(sample.image), ImageReadMode.RGB)
                # A channel at a time: it is still in the cache for the second and third step.
                for channel in range(3):
                    image[channel].copy_(photo[channel, top:top + rows, left:left + columns]).mul_(SCALE[channel]).add_(BIAS[channel])
                indices = numpy.asarray(Image.open(sample.label))
                label.numpy()[...] = indices[top:top + rows, left:left + columns]
                self.done.put(batch)
            except BaseException as error:
                self.done.put(error)

    def epoch(self):
        size = self.settings.batch
        order = torch.randperm(len(self.samples)).tolist()
        count = len(order) // size
        finished = [0] * count

        def submit(batch):
            images, labels = self.buffers[batch % 2]
            for slot in range(size if batch < count else 0):
                self.work.put((self.samples[order[batch * size + slot]], images[slot], labels[slot], batch))

        submit(0)
        submit(1)
        for batch in range(count):
            while finished[batch] < size:
                token = self.done.get()
                if isinstance(token, BaseException):
                    raise token
                finished[token] += 1
            yield self.buffers[batch % 2]
            submit(batch + 2)


if __name__ == "__main__":
    settings = peer.job(threads=2)
    torch.set_num_threads(1)
    loop = Loop(settings)
    peer.serve(loop.epoch, settings)
