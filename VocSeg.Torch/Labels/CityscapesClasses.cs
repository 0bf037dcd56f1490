namespace VocSeg.Torch;

/// <summary>The classes of Cityscapes: the 19 that are evaluated, and the ids and colours of the rest.</summary>
/// <remarks>
/// Ids, names and colours: helpers/labels.py of cityscapesScripts. The class index is the train id there.
/// </remarks>
internal static class CityscapesClasses
{
    private static readonly (int Id, string Name, RgbColor Color)[] Evaluated =
    [
        (7, "road", new(128, 64, 128)),
        (8, "sidewalk", new(244, 35, 232)),
        (11, "building", new(70, 70, 70)),
        (12, "wall", new(102, 102, 156)),
        (13, "fence", new(190, 153, 153)),
        (17, "pole", new(153, 153, 153)),
        (19, "traffic light", new(250, 170, 30)),
        (20, "traffic sign", new(220, 220, 0)),
        (21, "vegetation", new(107, 142, 35)),
        (22, "terrain", new(152, 251, 152)),
        (23, "sky", new(70, 130, 180)),
        (24, "person", new(220, 20, 60)),
        (25, "rider", new(255, 0, 0)),
        (26, "car", new(0, 0, 142)),
        (27, "truck", new(0, 0, 70)),
        (28, "bus", new(0, 60, 100)),
        (31, "train", new(0, 80, 100)),
        (32, "motorcycle", new(0, 0, 230)),
        (33, "bicycle", new(119, 11, 32)),
    ];

    // Unlabelled, ego vehicle, rectification border, out of roi, static, dynamic, ground; parking, rail track;
    // guard rail, bridge, tunnel; polegroup; caravan, trailer.
    private static readonly int[] IgnoredIds = [0, 1, 2, 3, 4, 5, 6, 9, 10, 14, 15, 16, 18, 29, 30];

    // The ids 0 to 4 share black. Polegroup has the colour of pole, and so none of its own.
    private static readonly RgbColor[] IgnoredColors =
    [
        new(0, 0, 0), new(111, 74, 0), new(81, 0, 81), new(250, 170, 160), new(230, 150, 140), new(180, 165, 180),
        new(150, 100, 100), new(150, 120, 90), new(0, 0, 90), new(0, 0, 110),
    ];

    internal static SegmentationPalette CreatePalette() =>
        new(Evaluated.Select(label => label.Color), Evaluated.Select(label => label.Name))
        {
            LabelEncoding = LabelEncoding.Indices,
            IgnoreColors = [.. IgnoredColors],
            IndexMap = IndexMap.FromPairs(
                [
                    .. Evaluated.Select((label, index) => (label.Id, index)),
                    .. IgnoredIds.Select(id => (id, IndexMap.Ignore)),
                ]),
        };
}
