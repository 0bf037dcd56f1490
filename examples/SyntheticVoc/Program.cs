using System.CommandLine;
using SyntheticVoc;

const int WrongUse = 2;
var defaults = new SyntheticVocOptions();

var folder = new Option<string>("--out") { Description = "Folder that takes VOCdevkit/VOC2012.", Required = true };
var train = Optional("--train", "Samples of train.", defaults.Train);
var val = Optional("--val", "Samples of val.", defaults.Val);
var seed = Optional("--seed", "Another seed gives other images.", defaults.Seed);
var chroma = Optional("--subsampling", "How finely images keep colour: 420 or 444.", 420);
var sizes = Optional("--sizes", "voc for VOC's mix, or one size such as 320x480 (height x width).", "voc");

var command = new RootCommand("Writes a painted data set in VOC's shape.") { folder, train, val, seed, chroma, sizes };
command.SetAction(Generate);
var parsed = command.Parse(args);
return parsed.Errors.Count > 0 ? Fail(parsed.Errors[0].Message) : parsed.Invoke();

int Generate(ParseResult given)
{
    try
    {
        var options = new SyntheticVocOptions
        {
            Train = given.GetValue(train),
            Val = given.GetValue(val),
            Seed = given.GetValue(seed),
            Subsampling = (ChromaSubsampling)given.GetValue(chroma),
            Size = ReadSize(given.GetRequiredValue(sizes)),
        };
        var written = SyntheticVocGenerator.Generate(given.GetRequiredValue(folder), options);
        Console.WriteLine($"{written}: {options.Train} train and {options.Val} val samples");
        return 0;
    }
    catch (Exception error) when (error is ArgumentException or InvalidOperationException or IOException
        or UnauthorizedAccessException)
    {
        return Fail(error.Message);
    }
}

static (int Height, int Width)? ReadSize(string text) => text == "voc" ? null
    : text.Split('x') is [var high, var wide] && int.TryParse(high, out var height) && int.TryParse(wide, out var width)
    ? (height, width)
    : throw new ArgumentException($"--sizes is '{text}'; give voc, or height x width such as 320x480.");

static Option<T> Optional<T>(string name, string description, T standard) =>
    new(name) { Description = description, DefaultValueFactory = _ => standard };

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return WrongUse;
}
