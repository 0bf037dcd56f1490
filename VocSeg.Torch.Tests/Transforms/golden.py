"""Writes golden.txt: what torchvision makes of a small image and its label, where VocSeg.Torch does the same.

    python3 golden.py > golden.txt

A line has a name, the numbers of the case, the height and width of the result and its bytes in base64.
"""

import base64

import torch
import torchvision
from torchvision.transforms.v2 import InterpolationMode, functional as F

HEIGHT, WIDTH = 9, 13


def line(name, numbers, pixels):
    pixels = pixels if pixels.dim() == 2 else pixels.permute(1, 2, 0)
    data = base64.b64encode(pixels.contiguous().numpy().tobytes()).decode()
    print(name, ",".join(f"{number:g}" for number in numbers) or "-", pixels.shape[0], pixels.shape[1], data)


def rounded(image):
    return (image * 255).round().to(torch.uint8)


def main():
    torch.manual_seed(14)
    image = torch.randint(0, 256, (3, HEIGHT, WIDTH), dtype=torch.uint8)
    label = torch.randint(0, 21, (1, HEIGHT, WIDTH), dtype=torch.uint8)
    print(f"# torchvision {torchvision.__version__}, torch {torch.__version__}; made by golden.py")
    line("image", (), image)
    line("label", (), label[0])
    line("horizontal-flip", (), F.horizontal_flip(image))
    line("vertical-flip", (), F.vertical_flip(image))
    for size in ((18, 26), (5, 20), (31, 7), (9, 13), (3, 4)):
        line("resize", size, F.resize(image, list(size), InterpolationMode.BILINEAR, antialias=False))
        line("resize-label", size, F.resize(label, list(size), InterpolationMode.NEAREST_EXACT)[0])
    # Degrees, columns and rows moved, scale, shear along rows and along columns.
    for case in ((25, 0, 0, 1, 0, 0), (-70, 2, -1, 1.3, 0, 0), (0, 1, 1, 0.8, 20, 0), (15, -2, 1, 1.1, 12, -9)):
        degrees, x, y, scale, *shear = case
        arguments = dict(angle=degrees, translate=[x, y], scale=scale, shear=shear)
        line("affine", case, F.affine(image, **arguments, interpolation=InterpolationMode.BILINEAR))
        line("affine-label", case, F.affine(label, **arguments, interpolation=InterpolationMode.NEAREST, fill=[255])[0])
    for degrees in (30, -115):
        line("rotate", (degrees,), F.rotate(image, degrees, InterpolationMode.BILINEAR))
        line("rotate-label", (degrees,), F.rotate(label, degrees, InterpolationMode.NEAREST, fill=[255])[0])
    for factor in (0.5, 1.6):
        line("brightness", (factor,), F.adjust_brightness(image, factor))
    # Of bytes it truncates luma, and then the result, which adds up to more than a level; of floats it does not.
    for factor in (0.25, 1.9):
        line("saturation", (factor,), rounded(F.adjust_saturation(image / 255, factor)))
    line("gray", (), rounded(F.rgb_to_grayscale(image / 255, 3)))


if __name__ == "__main__":
    main()
