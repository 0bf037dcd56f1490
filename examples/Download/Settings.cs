using System.CommandLine;
using VocSeg.Torch;

namespace Download;

/// <summary>What the command line asks for.</summary>
internal sealed record Settings(string Root, VocArchiveOptions Archive, bool Verify)
{
    /// <summary>The command line; <paramref name="run"/> is called with what it says.</summary>
    internal static RootCommand Command(Func<Settings, CancellationToken, Task<int>> run)
    {
        var root = new Option<string>("--root")
        {
            Description = "The folder that gets VOCdevkit/VOC2012.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "data",
        };
        var url = new Option<string[]>("--url")
        {
            Description = "Where to download the tar from, in place of the known mirrors; several are tried in order.",
            HelpName = "URL",
        };
        url.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (!Uri.TryCreate(token.Value, UriKind.Absolute, out var address)
                    || address.Scheme is not ("http" or "https"))
                {
                    result.AddError($"--url is an http or https address; '{token.Value}' was given.");
                }
            }
        });
        var tar = new Option<string?>("--tar")
        {
            Description = "A tar file that is here already, in place of a download.",
            HelpName = "FILE",
        };
        var sha1 = new Option<string>("--sha1")
        {
            Description = "The SHA-1 that the tar must have, or none.",
            HelpName = "HEX",
            DefaultValueFactory = _ => VocArchive.OfficialSha1,
        };
        sha1.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: not "none" and var value }]
                && (value.Length != 40 || !value.All(char.IsAsciiHexDigit)))
            {
                result.AddError($"--sha1 is 40 hexadecimal digits, or none; '{value}' was given.");
            }
        });
        var everything = new Option<bool>("--everything")
        {
            Description = "Unpack all files, not just those that segmentation needs.",
        };
        var keepTar = new Option<bool>("--keep-tar") { Description = "Keep the downloaded tar." };
        var stall = new Option<int>("--stall-timeout")
        {
            Description = "Seconds without a byte after which an attempt is made again.",
            HelpName = "N",
            DefaultValueFactory = _ => 30,
        };
        stall.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && value is < 1 or > 86400)
                result.AddError($"--stall-timeout is 1 to 86400; {value} was given.");
        });
        var verify = new Option<bool>("--verify")
        {
            Description = "Decode every image and label of train and val and say what is wrong: of the folder that "
                + "is there, or of the one that is then downloaded.",
        };

        var command = new RootCommand("Gets the Pascal VOC 2012 data. What was stopped goes on at the next call.")
        {
            root, url, tar, sha1, everything, keepTar, stall, verify,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var archive = new VocArchiveOptions
            {
                TarFile = parsed.GetValue(tar),
                Sha1 = parsed.GetRequiredValue(sha1) is var checksum && checksum == "none" ? null : checksum,
                Content = parsed.GetValue(everything) ? VocArchiveContent.Everything : VocArchiveContent.Segmentation,
                KeepTar = parsed.GetValue(keepTar),
                StallTimeout = TimeSpan.FromSeconds(parsed.GetRequiredValue(stall)),
            };
            if (parsed.GetValue(url) is { Length: > 0 } addresses)
                archive = archive with { Sources = [.. addresses.Select(address => new Uri(address))] };
            return run(new(parsed.GetRequiredValue(root), archive, parsed.GetValue(verify)), cancellation);
        });
        return command;
    }
}
