namespace VocSeg.Torch;

/// <summary>
/// A linear change of colours: each channel of the result is a weighted sum of red, green and blue and a constant, on
/// the scale of 0 to 255. What comes out is clamped to that range before it is normalized.
/// </summary>
/// <param name="Red">The weights of red, green and blue in the new red.</param>
/// <param name="Green">The weights in the new green.</param>
/// <param name="Blue">The weights in the new blue.</param>
/// <param name="Constant">What is added to red, green and blue.</param>
internal readonly record struct ColorMatrix(
    (float R, float G, float B) Red,
    (float R, float G, float B) Green,
    (float R, float G, float B) Blue,
    (float R, float G, float B) Constant)
{
    // The luma of ITU-R BT.601.
    internal const float LumaOfRed = 0.299f, LumaOfGreen = 0.587f, LumaOfBlue = 0.114f;

    internal static ColorMatrix Identity { get; } = new((1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 0));

    internal bool IsIdentity => this == Identity;

    /// <summary>Multiplies every channel.</summary>
    internal static ColorMatrix Brightness(double factor)
    {
        var f = (float)factor;
        return new((f, 0, 0), (0, f, 0), (0, 0, f), (0, 0, 0));
    }

    /// <summary>Adds to every channel.</summary>
    internal static ColorMatrix Offset(double levels)
    {
        var l = (float)levels;
        return Identity with { Constant = (l, l, l) };
    }

    /// <summary>Moves every channel away from the middle level, or towards it.</summary>
    internal static ColorMatrix Contrast(double factor)
    {
        const double Middle = 128;
        return Brightness(factor) with { Constant = Same(Middle * (1 - factor)) };

        static (float R, float G, float B) Same(double level) => ((float)level, (float)level, (float)level);
    }

    /// <summary>Moves every channel away from the pixel's luma, or towards it; 0 gives gray.</summary>
    internal static ColorMatrix Saturation(double factor)
    {
        var (f, rest) = ((float)factor, (float)(1 - factor));
        float r = rest * LumaOfRed, g = rest * LumaOfGreen, b = rest * LumaOfBlue;
        return new((r + f, g, b), (r, g + f, b), (r, g, b + f), (0, 0, 0));
    }

    /// <summary>Turns the hue by an angle about the axis of luma, in the YIQ space of NTSC.</summary>
    internal static ColorMatrix Hue(double degrees)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        // YIQ of red, green and blue; the rows of I and Q are those of the FCC's standard, 47 CFR 73.682.
        double[,] toYiq = { { LumaOfRed, LumaOfGreen, LumaOfBlue }, { 0.595716, -0.274453, -0.321263 }, { 0.211456, -0.522591, 0.311135 } };
        double[,] turn = { { 1, 0, 0 }, { 0, cos, -sin }, { 0, sin, cos } };
        var matrix = Product(Inverse(toYiq), Product(turn, toYiq));
        return new(Row(0), Row(1), Row(2), (0, 0, 0));

        (float R, float G, float B) Row(int row) => ((float)matrix[row, 0], (float)matrix[row, 1], (float)matrix[row, 2]);
    }

    /// <summary>This change and then another one.</summary>
    internal ColorMatrix Then(in ColorMatrix next)
    {
        var first = this;
        return new(Row(next.Red), Row(next.Green), Row(next.Blue), (
            Sum(next.Red, first.Constant) + next.Constant.R,
            Sum(next.Green, first.Constant) + next.Constant.G,
            Sum(next.Blue, first.Constant) + next.Constant.B));

        (float R, float G, float B) Row((float R, float G, float B) weights) => (
            weights.R * first.Red.R + weights.G * first.Green.R + weights.B * first.Blue.R,
            weights.R * first.Red.G + weights.G * first.Green.G + weights.B * first.Blue.G,
            weights.R * first.Red.B + weights.G * first.Green.B + weights.B * first.Blue.B);

        static float Sum((float R, float G, float B) weights, (float R, float G, float B) values) =>
            weights.R * values.R + weights.G * values.G + weights.B * values.B;
    }

    private static double[,] Product(double[,] left, double[,] right)
    {
        var product = new double[3, 3];
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 3; column++)
            {
                for (var k = 0; k < 3; k++)
                    product[row, column] += left[row, k] * right[k, column];
            }
        }
        return product;
    }

    private static double[,] Inverse(double[,] m)
    {
        var inverse = new double[3, 3];
        var determinant = 0.0;
        for (var k = 0; k < 3; k++)
            determinant += m[0, k] * Cofactor(0, k);
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 3; column++)
                inverse[column, row] = Cofactor(row, column) / determinant;
        }
        return inverse;

        double Cofactor(int row, int column)
        {
            int r1 = (row + 1) % 3, r2 = (row + 2) % 3, c1 = (column + 1) % 3, c2 = (column + 2) % 3;
            return m[r1, c1] * m[r2, c2] - m[r1, c2] * m[r2, c1];
        }
    }
}
