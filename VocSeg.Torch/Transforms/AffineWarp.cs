namespace VocSeg.Torch;

/// <summary>
/// Makes a sample of a batch by an affine map and a change of colours, pixel by pixel. Labels take the pixel that the
/// centre falls in, images are blended between four pixels.
/// </summary>
internal sealed unsafe class AffineWarp(BatchForm form)
{
    /// <inheritdoc cref="HostWarp.Write"/>
    internal void Write(
        in WarpSource source, in SampleGeometry geometry, in ColorMatrix color, in WarpTarget target)
    {
        var output = geometry.Output;
        for (var row = 0; row < output.Height; row++)
        {
            double x0 = geometry.XY * (row + 0.5) + geometry.X0, y0 = geometry.YY * (row + 0.5) + geometry.Y0;
            for (var column = 0; column < output.Width; column++)
            {
                double x = geometry.XX * (column + 0.5) + x0, y = geometry.YX * (column + 0.5) + y0;
                var isInside = x >= 0 && x < source.Size.Width && y >= 0 && y < source.Size.Height;
                WriteLabel(isInside ? ClassIndex(source, (int)y, (int)x) : form.IgnoreIndex, target, row, column);
                WriteImage(isInside ? Blend(source, y, x) : null, color, target, row, column);
            }
        }
    }

    private static byte ClassIndex(in WarpSource source, int row, int column) =>
        source.ClassIndices == 0 ? source.Pixel(row, column)[3] : *source.ClassIndex(row, column);

    private static (float R, float G, float B)? Blend(in WarpSource source, double y, double x)
    {
        // Beyond the centres of the outermost pixels these are repeated.
        double px = Math.Clamp(x - 0.5, 0, source.Size.Width - 1), py = Math.Clamp(y - 0.5, 0, source.Size.Height - 1);
        int left = (int)px, top = (int)py;
        int right = Math.Min(left + 1, source.Size.Width - 1), bottom = Math.Min(top + 1, source.Size.Height - 1);
        float across = (float)(px - left), down = (float)(py - top);
        byte* a = source.Pixel(top, left), b = source.Pixel(top, right);
        byte* c = source.Pixel(bottom, left), d = source.Pixel(bottom, right);
        return (Channel(0), Channel(1), Channel(2));

        float Channel(int channel)
        {
            var upper = a[channel] + across * (b[channel] - a[channel]);
            var lower = c[channel] + across * (d[channel] - c[channel]);
            return upper + down * (lower - upper);
        }
    }

    private void WriteLabel(byte index, in WarpTarget target, int row, int column)
    {
        if (form.IsMask)
        {
            target.Mask(row)[column] = index == 1 ? 1 : 0;
            target.Weights(row)[column] = index == form.IgnoreIndex ? 0 : 1;
        }
        else
        {
            target.ClassIndices(row)[column] = index;
        }
    }

    private void WriteImage(
        (float R, float G, float B)? blended, in ColorMatrix color, in WarpTarget target, int row, int column)
    {
        for (var channel = 0; channel < form.Channels; channel++)
            target.Plane(channel, row)[column] = 0;
        if (blended is not { } pixel)
            return;
        if (!color.IsIdentity)
        {
            pixel = (
                Recolor(pixel, color.Red, color.Constant.R),
                Recolor(pixel, color.Green, color.Constant.G),
                Recolor(pixel, color.Blue, color.Constant.B));
        }
        if (form.IsGray)
        {
            var luma = pixel.R * ColorMatrix.LumaOfRed + pixel.G * ColorMatrix.LumaOfGreen
                + pixel.B * ColorMatrix.LumaOfBlue;
            target.Plane(0, row)[column] = luma * form.Scale[0] + form.Bias[0];
            return;
        }
        target.Plane(0, row)[column] = pixel.R * form.Scale[0] + form.Bias[0];
        target.Plane(1, row)[column] = pixel.G * form.Scale[1] + form.Bias[1];
        target.Plane(2, row)[column] = pixel.B * form.Scale[2] + form.Bias[2];
    }

    private static float Recolor(
        (float R, float G, float B) pixel, (float R, float G, float B) weights, float constant) => Math.Clamp(
            pixel.R * weights.R + pixel.G * weights.G + pixel.B * weights.B + constant, 0, 255);
}
