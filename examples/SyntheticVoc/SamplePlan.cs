using System.Collections.Immutable;

namespace SyntheticVoc;

/// <summary>What one sample is to show, known before anything is painted.</summary>
/// <param name="Seed">Seeds everything random in the picture.</param>
/// <param name="Size">The size of the photo.</param>
/// <param name="Main">The class of the main object.</param>
/// <param name="Classes">The classes of the whole set; other objects are drawn from them.</param>
internal sealed record SamplePlan(ulong Seed, PhotoSize Size, ClassLook Main, ImmutableArray<ClassLook> Classes)
{
    // Multiples of these two fill a square evenly however few are taken (Roberts, "The unreasonable effectiveness of
    // quasirandom sequences"), so that a small split has sizes and classes in their shares too.
    private const double SizeStep = 0.7548776662466927;
    private const double ClassStep = 0.5698402909980532;

    internal static SamplePlan For(SyntheticVocOptions options, int index)
    {
        var place = index < options.Train ? index : index - options.Train;
        var classes = ClassLooks.ForSetOf(options.Train + options.Val);
        var main = ClassLooks.Draw(classes, Fraction(ClassStep, place));
        return new(SeededRandom.Mix((uint)options.Seed, (uint)index), options.Sizes.At(Fraction(SizeStep, place)), main, classes);
    }

    private static double Fraction(double step, int place) => (0.5 + step * (place + 1)) % 1;
}
