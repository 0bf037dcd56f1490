using System.Globalization;

namespace VocSeg.Torch;

/// <summary>The 150 classes of the scene parsing benchmark of ADE20K, in the order of their numbers 1 to 150.</summary>
/// <remarks>
/// Names: objectInfo150.txt of the benchmark, each one's first. Colours: its color150.mat, but that of class 48
/// (skyscraper), which has the very colour of class 6 (road) there and is one step bluer here.
/// </remarks>
internal static class Ade20kClasses
{
    private const string ColorsAndNames =
        """
        787878 wall, B47878 building, 06E6E6 sky, 503232 floor, 04C803 tree, 787850 ceiling, 8C8C8C road,
        CC05FF bed, E6E6E6 windowpane, 04FA07 grass, E005FF cabinet, EBFF07 sidewalk, 96053D person,
        787846 earth, 08FF33 door, FF0652 table, 8FFF8C mountain, CCFF04 plant, FF3307 curtain, CC4603 chair,
        0066C8 car, 3DE6FA water, FF0633 painting, 0B66FF sofa, FF0747 shelf, FF09E0 house, 0907E6 sea,
        DCDCDC mirror, FF095C rug, 7009FF field, 08FFD6 armchair, 07FFE0 seat, FFB806 fence, 0AFF47 desk,
        FF290A rock, 07FFFF wardrobe, E0FF08 lamp, 6608FF bathtub, FF3D06 railing, FFC207 cushion, FF7A08 base,
        00FF14 box, FF0829 column, FF0599 signboard, 0633FF chest of drawers, EB0CFF counter, A09614 sand,
        00A3FF sink, 8C8C8D skyscraper, FA0A0F fireplace, 14FF00 refrigerator, 1FFF00 grandstand, FF1F00 path,
        FFE000 stairs, 99FF00 runway, 0000FF case, FF4700 pool table, 00EBFF pillow, 00ADFF screen door,
        1F00FF stairway, 0BC8C8 river, FF5200 bridge, 00FFF5 bookcase, 003DFF blind, 00FF70 coffee table,
        00FF85 toilet, FF0000 flower, FFA300 book, FF6600 hill, C2FF00 bench, 008FFF countertop, 33FF00 stove,
        0052FF palm, 00FF29 kitchen island, 00FFAD computer, 0A00FF swivel chair, ADFF00 boat, 00FF99 bar,
        FF5C00 arcade machine, FF00FF hovel, FF00F5 bus, FF0066 towel, FFAD00 light, FF0014 truck,
        FFB8B8 tower, 001FFF chandelier, 00FF3D awning, 0047FF streetlight, FF00CC booth, 00FFC2 television,
        00FF52 airplane, 000AFF dirt track, 0070FF apparel, 3300FF pole, 00C2FF land, 007AFF bannister,
        00FFA3 escalator, FF9900 ottoman, 00FF0A bottle, FF7000 buffet, 8FFF00 poster, 5200FF stage,
        A3FF00 van, FFEB00 ship, 08B8AA fountain, 8500FF conveyer belt, 00FF5C canopy, B800FF washer,
        FF001F plaything, 00B8FF swimming pool, 00D6FF stool, FF0070 barrel, 5CFF00 basket, 00E0FF waterfall,
        70E0FF tent, 46B8A0 bag, A300FF minibike, 9900FF cradle, 47FF00 oven, FF00A3 ball, FFCC00 food,
        FF008F step, 00FFEB tank, 85FF00 trade name, FF00EB microwave, F500FF pot, FF007A animal,
        FFF500 bicycle, 0ABED4 lake, D6FF00 dishwasher, 00CCFF screen, 1400FF blanket, FFFF00 sculpture,
        0099FF hood, 0029FF sconce, 00FFCC vase, 2900FF traffic light, 29FF00 tray, AD00FF ashcan, 00F5FF fan,
        4700FF pier, 7A00FF crt screen, 00FFB8 plate, 005CFF monitor, B8FF00 bulletin board, 0085FF shower,
        FFD600 radiator, 19C2C2 glass, 66FF00 clock, 5C00FF flag
        """;

    internal static SegmentationPalette CreatePalette()
    {
        var classes = ColorsAndNames.Split(',', StringSplitOptions.TrimEntries);
        return new(classes.Select(ColorOf), classes.Select(text => text[7..]))
        {
            LabelEncoding = LabelEncoding.Indices,
            IndexMap = IndexMap.FromPairs(
                [(0, IndexMap.Ignore), .. Enumerable.Range(0, classes.Length).Select(index => (index + 1, index))]),
        };
    }

    private static RgbColor ColorOf(string text)
    {
        var bits = int.Parse(text.AsSpan(0, 6), NumberStyles.HexNumber);
        return new((byte)(bits >> 16), (byte)(bits >> 8), (byte)bits);
    }
}
