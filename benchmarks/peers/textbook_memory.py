"""The d2l.ai chapter's way: every image decoded and normalized in memory, window and colour lookup for each sample."""
import torch
import torchvision
from torch.utils.data import DataLoader, Dataset
from torchvision.io import ImageReadMode
from torchvision.transforms import functional

import peer


class VocSegmentation(Dataset):
    def __init__(self, settings):
        self.crop = settings.crop
        normalize = torchvision.transforms.Normalize(peer.MEAN, peer.STD)
        self.images, self.labels = [], []
        for sample in peer.samples(settings):
            self.images.append(normalize(torchvision.io.read_image(sample.image, ImageReadMode.RGB).float() / 255))
            self.labels.append(torchvision.io.read_image(sample.label, ImageReadMode.RGB))
        self.table = peer.color_table()

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image, label = self.images[index], self.labels[index]
        top, left = peer.random_window(*image.shape[1:], self.crop)
        image = functional.crop(image, top, left, *self.crop)
        color = functional.crop(label, top, left, *self.crop).permute(1, 2, 0).numpy().astype("int32")
        return image, self.table[(color[:, :, 0] * 256 + color[:, :, 1]) * 256 + color[:, :, 2]]


if __name__ == "__main__":
    settings = peer.job(workers=2, threads=0)
    if settings.threads:
        torch.set_num_threads(settings.threads)
    loader = DataLoader(
        VocSegmentation(settings), settings.batch, shuffle=True, drop_last=True,
        num_workers=settings.workers, persistent_workers=settings.workers > 0)
    peer.serve(lambda: loader, settings)
