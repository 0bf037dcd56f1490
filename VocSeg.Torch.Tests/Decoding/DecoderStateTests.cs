namespace VocSeg.Torch.Tests.Decoding;

/// <summary>What a file decodes to must not depend on the files that the decoder saw before.</summary>
public sealed class DecoderStateTests : IDisposable
{
    private const int Mutants = 2000;
    private const int MostPixels = 1 << 20;

    private readonly LoadedFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData(ImageDecoderKind.Skia)]
    [InlineData(ImageDecoderKind.TurboJpeg)]
    public void A_used_decoder_gives_what_a_fresh_one_gives(ImageDecoderKind kind)
    {
        var used = Decoders.Require(kind);
        var random = new Random(20);
        var sound = Jpegs.All().Where(jpeg => jpeg.Size.Pixels > 1).ToArray();
        var (accepted, refused) = (0, 0);
        for (var mutant = 0; mutant < Mutants; mutant++)
        {
            var (name, bytes, size) = sound[mutant % sound.Length];
            var other = sound[random.Next(sound.Length)];
            // The decoder has just taken the tables of a sound file in, which damage could leave in use.
            Result(used, other.Bytes, other.Size);
            var damaged = Mutation.Apply(random, bytes, other.Bytes);
            var expected = FreshResult(kind, damaged, size);
            Assert.True(expected.IsSame(Result(used, damaged, size)), $"mutant {mutant} of {name}: {expected.Error}");
            _ = expected.Error is null ? accepted++ : refused++;
        }
        Assert.True(accepted > Mutants / 10 && refused > Mutants / 10, $"{accepted} accepted, {refused} refused");
    }

    [Theory]
    [InlineData(ImageDecoderKind.Skia)]
    [InlineData(ImageDecoderKind.TurboJpeg)]
    public void A_jpeg_without_tables_is_refused_whatever_came_before(ImageDecoderKind kind)
    {
        var decoder = Decoders.Require(kind);
        var size = new ImageSize(50, 64);
        var sound = Jpegs.Encode(size);
        var parts = Mutation.Parts(sound);
        var refused = 0;
        for (var part = 0; part + 1 < parts.Count; part++)
        {
            // Define quantization table, define Huffman table.
            if (sound[parts[part] + 1] is not (0xDB or 0xC4))
                continue;
            byte[] damaged = [.. sound[..parts[part]], .. sound[parts[part + 1]..]];
            Assert.Null(Result(decoder, sound, size).Error);
            var expected = FreshResult(kind, damaged, size);
            Assert.True(expected.IsSame(Result(decoder, damaged, size)), $"segment {part}");
            refused += expected.Error is null ? 0 : 1;
        }
        Assert.InRange(refused, 1, parts.Count);
    }

    private Outcome FreshResult(ImageDecoderKind kind, byte[] bytes, ImageSize size)
    {
        var fresh = ImageDecoder.Create(kind);
        return Result(fresh, bytes, size);
    }

    private Outcome Result(ImageDecoder decoder, byte[] bytes, ImageSize size)
    {
        var file = files.Load(bytes);
        // The damage may be to the size; what counts is that rows are decoded.
        if (TurboJpegDecoder.Layout.TryRead(file.Bytes, out var layout) && layout.Size.Pixels <= MostPixels)
            size = layout.Size;
        try
        {
            return new(decoder.Whole(file, size), null);
        }
        catch (DatasetException error)
        {
            return new([], error.Message);
        }
    }

    private sealed record Outcome(byte[] Pixels, string? Error)
    {
        internal bool IsSame(Outcome other) => Error == other.Error && Pixels.AsSpan().SequenceEqual(other.Pixels);
    }
}
