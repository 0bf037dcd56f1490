namespace VocSeg.Torch;

public sealed partial record SegmentationPalette
{
    /// <summary>
    /// The 21 classes of PASCAL VOC with their official colours. The border colour (224, 224, 192) becomes 255, and an
    /// unknown colour is an error (Everingham et al., "The PASCAL Visual Object Classes Challenge", IJCV 2010).
    /// </summary>
    public static SegmentationPalette Voc { get; } = VocColors.CreatePalette();

    /// <summary>
    /// <see cref="Voc"/> as the d2l.ai textbook reads it: border and unknown colours count as background, nothing is
    /// ignored.
    /// </summary>
    public static SegmentationPalette VocTextbook { get; } =
        Voc with { IgnoreColors = [], UnknownColor = UnknownColor.Background };

    /// <summary>
    /// Masks of black and white: class 0, "background", is black and class 1, "foreground", is white, whether the file
    /// holds gray of any depth (0 and 255 in 8 bits), a palette or RGB.
    /// </summary>
    /// <remarks>
    /// Masks of the numbers 0 and 1 are an error, for in such masks 255 usually means "ignore". They are read, and 255
    /// is ignored, by <c>Binary with { LabelEncoding = LabelEncoding.Indices }</c>. Shades of gray, as scaling leaves
    /// them at edges, are an error too; ranges split them: <c>FromNames("background", "foreground") with { IndexMap =
    /// IndexMap.FromRanges((0, 127, 0), (128, 255, 1)) }</c>.
    /// </remarks>
    public static SegmentationPalette Binary { get; } =
        new([new(0, 0, 0), new(255, 255, 255)], ["background", "foreground"]) { LabelEncoding = LabelEncoding.Colors };

    /// <summary>
    /// The 19 classes that Cityscapes is evaluated with, read from its <c>labelIds</c> files: an index map makes the
    /// ids the train ids, and the other ids from 0 to 33 are ignored. Ids, names and colours are those of labels.py in
    /// cityscapesScripts (Cordts et al., "The Cityscapes Dataset for Semantic Urban Scene Understanding", CVPR 2016).
    /// </summary>
    /// <remarks>
    /// <c>labelTrainIds</c> files, where 255 is ignored, are read with <c>IndexMap = null</c>; <c>color</c> files with
    /// <c>IndexMap = null, LabelEncoding = LabelEncoding.Colors</c>, in this order. Colours do not tell all: a group of
    /// poles, which the ids ignore, has the colour of a pole, and a licence plate that of a car.
    /// </remarks>
    public static SegmentationPalette Cityscapes { get; } = CityscapesClasses.CreatePalette();

    /// <summary>
    /// The 11 classes that CamVid is evaluated with, in SegNet's order: Sky, Building, Pole, Road, Pavement, Tree,
    /// SignSymbol, Fence, Car, Pedestrian, Bicyclist. RGB and palette files are read by CamVid's 32 colours, several
    /// for a class, "Void" ignored; 8-bit gray files by index as SegNet's are, 11 and 255 ignored.
    /// </summary>
    /// <remarks>
    /// Colours: CamVid's label_colors.txt (Brostow, Fauqueur and Cipolla, "Semantic object classes in video", Pattern
    /// Recognition Letters 2009). Classes: Badrinarayanan, Kendall and Cipolla, "SegNet", PAMI 2017, and its tutorial.
    /// Groups of colours: camvidPixelLabelIDs of MathWorks' example "Semantic Segmentation Using Deep Learning". Other
    /// groupings are in use: compare scores of the same one only.
    /// </remarks>
    public static SegmentationPalette CamVid { get; } = CamVidClasses.CreatePalette();

    /// <summary>
    /// The 150 classes of the scene parsing benchmark of ADE20K, read from its annotation files: 0, which is everything
    /// else, is ignored, and n becomes class n - 1. Names and colours are those of the benchmark's objectInfo150.txt
    /// and color150.mat (Zhou et al., "Scene Parsing through ADE20K Dataset", CVPR 2017).
    /// </summary>
    /// <remarks>
    /// The benchmark shows class 48 (skyscraper) in the colour of class 6 (road); here it is one step bluer, so that
    /// every class has its own.
    /// </remarks>
    public static SegmentationPalette Ade20k { get; } = Ade20kClasses.CreatePalette();

    /// <summary>
    /// Classes of one's own whose label files hold numbers (<see cref="LabelEncoding.Indices"/>): the first name is
    /// class 0. Their colours, for display, are made up: those that VOC's devkit gives to the same indices.
    /// </summary>
    /// <param name="names">The name of every class; 1 to 254 names, all different and none blank.</param>
    /// <returns>
    /// The palette. 255 is ignored, and a number beyond the classes is an error; where the numbers mean something else,
    /// set <see cref="IndexMap"/>.
    /// </returns>
    /// <exception cref="ArgumentException">Too few or too many names, a blank one, or one twice.</exception>
    public static SegmentationPalette FromNames(params IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        string[] all = [.. names];
        if (all.Length is 0 or > MaxClasses)
        {
            throw new ArgumentException(
                $"A palette has 1 to {MaxClasses} classes; {all.Length} names were given.", nameof(names));
        }
        RequireNames([.. all], nameof(names));
        return new(all.Select((_, index) => VocColors.ColorOf(index)), all) { LabelEncoding = LabelEncoding.Indices };
    }

    /// <summary>
    /// Classes with their colours from a file: CVAT's labelmap.txt, CSV or JSON. Its ending says which (.csv, .json),
    /// or what it holds.
    /// </summary>
    /// <remarks>
    /// <para>The classes stand in the order of the file, the first is class 0. Nothing is moved: CVAT writes
    /// "background" first, unless a label of that name was made by hand.</para>
    /// <para>labelmap.txt: a line <c>name:r,g,b:parts:actions</c> a class; parts and actions do not count, nor do blank
    /// lines and those that begin with #.</para>
    /// <para>CSV: a first line that names the columns <c>name</c>, <c>r</c>, <c>g</c> and <c>b</c> (or red, green,
    /// blue), in any order and with others between them, then a line a class. Commas, semicolons or tabs part the
    /// columns; a name with one of them stands in double quotes.</para>
    /// <para>JSON: an array of objects with <c>name</c>, <c>r</c>, <c>g</c> and <c>b</c>, or an object that has one as
    /// <c>classes</c>.</para>
    /// <para>CSV and JSON may say a <c>class</c> as well, for all or none: its index, where several colours may have
    /// the same and the first one gives it name and colour (<see cref="FurtherColors"/>), or <c>ignore</c>
    /// (<see cref="IgnoreColors"/>).</para>
    /// </remarks>
    /// <param name="path">The file: UTF-8, or UTF-16 with a byte order mark, of at most 1 MiB.</param>
    /// <returns>
    /// The palette. Labels are read by its colours; where they hold numbers, set <see cref="LabelEncoding"/>.
    /// </returns>
    /// <exception cref="DatasetException">
    /// The file is missing or cannot be read, or a line of it is wrong: no right colour, a name or colour twice, a
    /// class number left out. The message names file and line.
    /// </exception>
    public static SegmentationPalette FromFile(string path) => PaletteFile.Read(path);
}
