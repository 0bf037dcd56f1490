namespace VocSeg.Torch;

/// <summary>Cuts a sample into parts that cover it.</summary>
internal static class Tiling
{
    internal static IEnumerable<SegmentationSample> Cut(SegmentationSample sample, ImageSize size, ImageSize stride)
    {
        var (top, left, rows, columns) = sample.Covered;
        foreach (var row in Starts(rows, size.Height, stride.Height))
        {
            foreach (var column in Starts(columns, size.Width, stride.Width))
            {
                // Around a part of an image there is more of that image, which the part leaves out.
                var tile = sample.Region is null
                    ? size
                    : new(Math.Min(size.Height, rows - row), Math.Min(size.Width, columns - column));
                var region = new SampleRegion(top + row, left + column, tile);
                yield return sample with { Id = $"{sample.Id}@{region.Top},{region.Left}", Region = region };
            }
        }
    }

    /// <summary>Where tiles begin along one side: as few as reach its end.</summary>
    private static IEnumerable<int> Starts(int length, int tile, int stride)
    {
        yield return 0;
        for (var start = 0L; start + tile < length;)
            yield return (int)(start += stride);
    }
}
