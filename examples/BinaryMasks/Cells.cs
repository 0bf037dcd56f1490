using SkiaSharp;
using VocSeg.Torch;

namespace BinaryMasks;

/// <summary>Gray images of bright cells on uneven, noisy ground, with black and white masks.</summary>
internal static class Cells
{
    internal static void Write(string folder, ImageSize size, int images)
    {
        Directory.CreateDirectory($"{folder}/images");
        Directory.CreateDirectory($"{folder}/masks");
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Gray8, SKAlphaType.Opaque);
        for (var number = 0; number < images; number++)
        {
            var random = new Random(number);
            using SKBitmap image = new(info), mask = new(info);
            using SKCanvas canvas = new(mask);
            using SKPaint white = new() { Color = SKColors.White };
            canvas.Clear(SKColors.Black);
            float Radius() => size.Height * random.Next(4, 12) / 100f;
            for (var cell = 0; cell < 12; cell++)
                canvas.DrawOval(random.Next(size.Width), random.Next(size.Height), Radius(), Radius(), white);
            Span<byte> pixels = image.GetPixelSpan(), inside = mask.GetPixelSpan();
            for (var at = 0; at < pixels.Length; at++)
                pixels[at] = (byte)(60 + random.Next(99 * (at % size.Width) / size.Width, 150) / 2 + inside[at] / 5);
            using FileStream imageFile = File.Create($"{folder}/images/{number:00}.png"),
                maskFile = File.Create($"{folder}/masks/{number:00}.png");
            image.Encode(imageFile, SKEncodedImageFormat.Png, quality: 100);
            mask.Encode(maskFile, SKEncodedImageFormat.Png, quality: 100);
        }
    }
}
