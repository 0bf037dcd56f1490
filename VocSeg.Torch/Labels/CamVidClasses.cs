namespace VocSeg.Torch;

/// <summary>
/// The 11 classes that CamVid is evaluated with, each of one or several of its 31 labels; "Void" is in none.
/// </summary>
/// <remarks>
/// Colours of the labels: label_colors.txt of CamVid (Brostow, Fauqueur and Cipolla, "Semantic object classes in
/// video", Pattern Recognition Letters 2009). The classes, their order and the number 11 for unlabelled: CamVid of the
/// SegNet tutorial (Badrinarayanan, Kendall and Cipolla, "SegNet", PAMI 2017). Which label is in which class: the list
/// camvidPixelLabelIDs of MathWorks' example "Semantic Segmentation Using Deep Learning", for SegNet's authors
/// published only the result.
/// </remarks>
internal static class CamVidClasses
{
    private static readonly (string Name, RgbColor[] Colors)[] Classes =
    [
        ("Sky", [new(128, 128, 128)]),
        // Building, Bridge, Wall, Tunnel, Archway.
        ("Building", [new(128, 0, 0), new(0, 128, 64), new(64, 192, 0), new(64, 0, 64), new(192, 0, 128)]),
        // Column_Pole, TrafficCone.
        ("Pole", [new(192, 192, 128), new(0, 0, 64)]),
        // Road, LaneMkgsDriv, LaneMkgsNonDriv.
        ("Road", [new(128, 64, 128), new(128, 0, 192), new(192, 0, 64)]),
        // Sidewalk, ParkingBlock, RoadShoulder.
        ("Pavement", [new(0, 0, 192), new(64, 192, 128), new(128, 128, 192)]),
        // Tree, VegetationMisc.
        ("Tree", [new(128, 128, 0), new(192, 192, 0)]),
        // SignSymbol, Misc_Text, TrafficLight.
        ("SignSymbol", [new(192, 128, 128), new(128, 128, 64), new(0, 64, 64)]),
        ("Fence", [new(64, 64, 128)]),
        // Car, SUVPickupTruck, Truck_Bus, Train, OtherMoving.
        ("Car", [new(64, 0, 128), new(64, 128, 192), new(192, 128, 192), new(192, 64, 128), new(128, 64, 64)]),
        // Pedestrian, Child, CartLuggagePram, Animal.
        ("Pedestrian", [new(64, 64, 0), new(192, 128, 64), new(64, 0, 192), new(64, 128, 64)]),
        // Bicyclist, MotorcycleScooter.
        ("Bicyclist", [new(0, 128, 192), new(192, 0, 192)]),
    ];

    internal static SegmentationPalette CreatePalette() =>
        new(Classes.Select(label => label.Colors[0]), Classes.Select(label => label.Name))
        {
            FurtherColors =
                [.. Classes.SelectMany((label, index) => label.Colors.Skip(1).Select(color => (color, index)))],
            IgnoreColors = [new(0, 0, 0)],
            IndexMap = IndexMap.FromPairs(
                [
                    .. Classes.Select((_, index) => (index, index)),
                    (Classes.Length, IndexMap.Ignore),
                    (255, IndexMap.Ignore),
                ]),
        };
}
