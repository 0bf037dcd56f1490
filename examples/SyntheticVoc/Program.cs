using System.CommandLine;
using System.Diagnostics;
using SyntheticVoc;

const int WrongUse = 2;
var defaults = new SyntheticVocOptions();

var folder = new Option<string>("--out") { Description = "Folder that takes VOCdevkit/VOC2012.", Required = true };
var train = new Option<int>("--train") { Description = "Samples of train.", DefaultValueFactory = _ => defaults.Train };
var val = new Option<int>("--val") { Description = "Samples of val.", DefaultValueFactory = _ => defaults.Val };
var seed = new Option<int>("--seed") { Description = "Another seed gives other pictures.", DefaultValueFactory = _ => defaults.Seed };
var subsampling = new Option<string>("--subsampling") { Description = "How finely photos keep colour: 420 or 444.", DefaultValueFactory = _ => "420" };
var sizes = new Option<string>("--sizes") { Description = "voc for VOC's mix, or one size such as 320x480 (height x width).", DefaultValueFactory = _ => "voc" };

var command = new RootCommand("Writes a data set in VOC's shape with painted photos.") { folder, train, val, seed, subsampling, sizes };
command.SetAction(Generate);

var parsed = command.Parse(args);
return parsed.Errors.Count > 0 ? Fail(parsed.Errors[0].Message) : parsed.Invoke();

int Generate(ParseResult given)
{
    var sizesText = given.GetValue(sizes);
    if (!VocSizes.TryParse(sizesText, out var photoSizes))
        return Fail($"--sizes is '{sizesText}'; give voc, or height x width such as 320x480 with sides of {VocSizes.SmallestSide} to {VocSizes.LargestSide}.");
    var subsamplingText = given.GetValue(subsampling);
    if (subsamplingText is not ("420" or "444"))
        return Fail($"--subsampling is '{subsamplingText}'; give 420 or 444.");
    try
    {
        var options = new SyntheticVocOptions
        {
            Train = given.GetValue(train),
            Val = given.GetValue(val),
            Seed = given.GetValue(seed),
            Subsampling = subsamplingText == "420" ? ChromaSubsampling.Chroma420 : ChromaSubsampling.Chroma444,
            Sizes = photoSizes,
        };
        var clock = Stopwatch.StartNew();
        var written = SyntheticVocGenerator.Generate(given.GetValue(folder)!, options);
        Console.WriteLine($"{written}: {options.Train} train and {options.Val} val samples, {clock.Elapsed.TotalSeconds:F1} s");
        return 0;
    }
    catch (Exception error) when (error is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException)
    {
        return Fail(error.Message);
    }
}

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return WrongUse;
}
