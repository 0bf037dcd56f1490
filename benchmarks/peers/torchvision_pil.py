"""torchvision's VOCSegmentation as its users run it: PIL, functional transforms, a DataLoader with workers kept alive."""
import numpy
import torch
from PIL import Image
from torch.utils.data import DataLoader
from torchvision.transforms import functional

import peer


class VocSegmentation(peer.Samples):
    def __getitem__(self, index):
        sample = self.samples[index]
        image = Image.open(sample.image).convert("RGB")
        label = Image.open(sample.label)
        top, left = peer.random_window(sample.height, sample.width, self.crop)
        image = functional.crop(image, top, left, *self.crop)
        label = functional.crop(label, top, left, *self.crop)
        image = functional.normalize(functional.to_tensor(image), peer.MEAN, peer.STD, inplace=True)
        return image, torch.from_numpy(numpy.array(label)).long()


if __name__ == "__main__":
    settings = peer.job(workers=2)
    loader = DataLoader(
        VocSegmentation(settings), settings.batch, shuffle=True, drop_last=True,
        num_workers=settings.workers, persistent_workers=settings.workers > 0)
    peer.serve(lambda: loader, settings)
