using SkiaSharp;

namespace Gallery;

/// <summary>Letters of 5 x 7 dots, as there are machines without any font.</summary>
internal static class PixelFont
{
    /// <summary>The height of a letter, and how far the next one is to the right.</summary>
    internal const int Height = 7 * Dot, Advance = 6 * Dot;

    private const int Dot = 2;

    // A letter, then its seven rows from above, each five bits as one digit to the base of 32.
    private const string Glyphs =
        "0EHJLPHE 14C4444E 2EH168GV 3U11E11U 426AIV22 5VGU11HE 6EGGUHHE 7V124488 8EHHEHHE 9EHHF11E A4AHHVHH " +
        "BUHHUHHU CEHGGGHE DUHHHHHU EVGGUGGV FVGGUGGG GEHGNHHE HHHHVHHH IE44444E J11111HE KHIKOKIH LGGGGGGV " +
        "MHRLLHHH NHPPLJJH OEHHHHHE PUHHUGGG QEHHHLID RUHHUKIH SFGGE11U TV444444 UHHHHHHE VHHHHAA4 WHHHLLRH " +
        "XHHA4AHH YHHA4444 ZV1248GV a00E1FHF bGGUHHHU c00FGGGF d11FHHHF e00EHVGF f68U8888 g0FHHF1E hGGUHHHH " +
        "i40C444E j206222C kGGIKOKI lC44444E m00QLLLL n00UHHHH o00EHHHE p0UHHUGG q0FHHF11 r00MOGGG s00FGE1U " +
        "t88U8887 u00HHHHF v00HHHA4 w00HHLLA x00HA4AH y0HHHF1E z00V248V _000000V -000E000 .00000CC";

    private static readonly Dictionary<char, string> Rows =
        Glyphs.Split(' ').ToDictionary(glyph => glyph[0], glyph => glyph[1..]);

    internal static void Draw(SKCanvas canvas, string text, float left, float top)
    {
        using var ink = new SKPaint { Color = new(60, 60, 60) };
        foreach (var letter in text)
        {
            // A frame stands for letters that are not here.
            var rows = letter == ' ' ? "0000000" : Rows.GetValueOrDefault(letter, "VHHHHHV");
            for (var dot = 0; dot < 35; dot++)
            {
                var digit = rows[dot / 5];
                var bits = digit <= '9' ? digit - '0' : digit - 'A' + 10;
                if ((bits >> (4 - dot % 5) & 1) != 0)
                    canvas.DrawRect(left + dot % 5 * Dot, top + dot / 5 * Dot, Dot, Dot, ink);
            }
            left += Advance;
        }
    }
}
