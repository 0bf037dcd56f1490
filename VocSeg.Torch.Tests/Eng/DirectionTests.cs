using System.Text.RegularExpressions;

namespace VocSeg.Torch.Tests.Eng;

/// <summary>Dependencies between the library's rooms run one way.</summary>
public sealed class DirectionTests
{
    // From the bottom to the top. The front door's types at the root stand above all rooms but for those that carry data.
    private static readonly string[] Rooms = ["Decoding", "Labels", "Catalog", "Transforms", "Engine"];

    private static readonly string[] DataOfTheFrontDoor =
        ["DatasetException", "DatasetFault", "VocSegDatasetOptions", "VocSegDataLoaderOptions", "SampleCache", "VocSegLoaderState"];

    [Fact]
    public void A_room_uses_only_rooms_below_it_and_none_uses_the_front_door()
    {
        var library = Path.GetDirectoryName(RepositoryFile.Require("VocSeg.Torch/VocSeg.Torch.csproj"))!;
        var roomOf = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var room in Rooms.Append("Download").Append("Metrics").Append(""))
        {
            foreach (var type in Sources(library, room).SelectMany(TypesIn))
                roomOf[type] = room;
        }
        Assert.True(roomOf.Count > 50, "the types were found");

        var wrong = new List<string>();
        foreach (var room in Rooms.Append("Download").Append("Metrics"))
        {
            foreach (var file in Sources(library, room))
            {
                foreach (var used in Identifiers(file).Where(roomOf.ContainsKey).Distinct(StringComparer.Ordinal))
                {
                    if (!MayUse(room, roomOf[used], used))
                        wrong.Add($"{room}/{Path.GetFileName(file)} uses {used} of {(roomOf[used].Length == 0 ? "the front door" : roomOf[used])}");
                }
            }
        }
        Assert.Empty(wrong);
    }

    private static bool MayUse(string room, string other, string type)
    {
        if (room == other)
            return true;
        if (other.Length == 0)
            return DataOfTheFrontDoor.Contains(type, StringComparer.Ordinal);
        // The memory for pixels and the check of the native libraries serve every room.
        if (type == "NativeLibraries")
            return true;
        return room switch
        {
            "Download" => other == "Catalog",
            "Metrics" => false,
            _ => Array.IndexOf(Rooms, other) is var below and >= 0 && below < Array.IndexOf(Rooms, room),
        };
    }

    private static IEnumerable<string> Sources(string library, string room) =>
        Directory.EnumerateFiles(Path.Combine(library, room), "*.cs");

    private static IEnumerable<string> TypesIn(string file) =>
        Regex.Matches(
            File.ReadAllText(file),
            @"^(?:public|internal)[\w ]*\b(?:class|record|struct|enum|interface) (?:struct )?(?<name>\w+)",
            RegexOptions.Multiline | RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(5))
            .Select(match => match.Groups["name"].Value);

    // Comments may name anything.
    private static IEnumerable<string> Identifiers(string file) =>
        File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .SelectMany(line => Regex.Matches(line, @"\b[A-Z]\w+\b", RegexOptions.None, TimeSpan.FromSeconds(5)).Select(match => match.Value));
}
