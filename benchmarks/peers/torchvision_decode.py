"""torchvision.io for the photo, PIL for the palette's indices, crop first, then normalize: the fast ordinary way."""
import numpy
import torch
from PIL import Image
from torch.utils.data import DataLoader
from torchvision.io import ImageReadMode, decode_jpeg, read_file
from torchvision.transforms import functional

import peer


class VocSegmentation(peer.Samples):
    def __getitem__(self, index):
        sample = self.samples[index]
        image = decode_jpeg(read_file(sample.image), ImageReadMode.RGB)
        label = torch.from_numpy(numpy.array(Image.open(sample.label)))
        top, left = peer.random_window(sample.height, sample.width, self.crop)
        window = (..., slice(top, top + self.crop[0]), slice(left, left + self.crop[1]))
        image = image[window].float().div_(255)
        return functional.normalize(image, peer.MEAN, peer.STD, inplace=True), label[window].long()


if __name__ == "__main__":
    settings = peer.job(workers=4, passes=1)
    dataset = VocSegmentation(settings)
    loader = DataLoader(
        dataset, settings.batch, sampler=peer.Shuffled(dataset, settings), drop_last=True,
        num_workers=settings.workers, persistent_workers=settings.workers > 0, pin_memory=settings.device != "cpu")

    def epoch():
        for image, label in loader:
            yield image.to(settings.device, non_blocking=True), label.to(settings.device, non_blocking=True)

    peer.serve(epoch, settings)
