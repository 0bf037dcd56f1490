using System.CommandLine;
using VocSeg.Torch;

namespace Options;

/// <summary>Where a data set is, and which part of it is meant.</summary>
internal static class DataSetOptions
{
    internal static Option<string> Root() => new("--root")
    {
        Description = "The VOC2012 folder, the VOCdevkit folder that holds it, or the folder that holds VOCdevkit.",
        HelpName = "DIR",
        Required = true,
    };

    internal static Option<string> Split()
    {
        return new("--split")
        {
            Description = "train, val, trainval, another list in ImageSets/Segmentation, or the path of a list file.",
            HelpName = "NAME",
            DefaultValueFactory = _ => "train",
        };
    }

    internal static Option<string> Labels() => new("--labels")
    {
        Description = "The folder in the VOC folder that holds the labels, such as SegmentationClassAug.",
        HelpName = "NAME",
        DefaultValueFactory = _ => new SampleCatalogOptions().LabelFolder,
    };
}
