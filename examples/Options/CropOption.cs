using System.CommandLine;
using VocSeg.Torch;

namespace Options;

/// <summary><c>--crop</c>: the size of the crops.</summary>
internal static class CropOption
{
    internal static Option<ImageSize> Create() => new("--crop")
    {
        Description = "Height and width of the crops; smaller samples are left out.",
        HelpName = "HxW",
        DefaultValueFactory = _ => new ImageSize(320, 480),
        CustomParser = result =>
        {
            if (!ImageSize.TryParse(result.Given(), out var size))
                result.AddError($"--crop is a height and a width such as 320x480; '{result.Given()}' was given.");
            return size;
        },
    };
}
