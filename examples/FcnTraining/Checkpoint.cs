using System.Text;
using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;
using VocSeg.Torch;
using static TorchSharp.torch;

namespace FcnTraining;

/// <summary>
/// Where a training stands. A checkpoint file holds this, then the model, the optimizer and the state of the random number generator, and
/// appears under its name only when it is whole.
/// </summary>
/// <param name="Shape">What the network was made with.</param>
/// <param name="Loader">The next batch.</param>
/// <param name="Step">How many steps are done.</param>
/// <param name="BestMeanIoU">The best validation so far, below 0 for none.</param>
internal sealed record Checkpoint(FcnShape Shape, VocSegLoaderState Loader, long Step, double BestMeanIoU)
{
    private const string Mark = "FCN checkpoint 1";

    internal void Save(string path, Fcn model, OptimizerHelper optimizer)
    {
        var part = path + ".part";
        using (var stream = File.Create(part))
        {
            using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            {
                writer.Write(Mark);
                writer.Write(JsonSerializer.Serialize(this));
                model.save(writer);
                optimizer.save_state_dict(writer);
                using var random = get_rng_state();
                random.Save(writer);
            }
            // On the disk before the name points to it, or a power cut could leave a whole name for half a file.
            stream.Flush(flushToDisk: true);
        }
        File.Move(part, path, overwrite: true);
    }

    /// <summary>What a file says of its training, without the weights.</summary>
    /// <exception cref="InvalidDataException">Not a checkpoint.</exception>
    internal static Checkpoint Read(string path)
    {
        using var reader = Open(path);
        return ReadHeader(reader, path);
    }

    /// <summary>Brings a model, and an optimizer where one is given, to where the file says they stood.</summary>
    /// <exception cref="InvalidDataException">Not a checkpoint, or one of another network.</exception>
    internal static void Restore(string path, Fcn model, OptimizerHelper? optimizer = null)
    {
        using var reader = Open(path);
        var saved = ReadHeader(reader, path);
        if (saved.Shape != model.Shape)
            throw new InvalidDataException($"{path} is of another network: {saved.Shape}; wanted is {model.Shape}.");
        try
        {
            // Over a copy on the host: a module that is elsewhere gets new parameters when it loads, and an optimizer knows the old ones.
            using (var onHost = new Fcn(saved.Shape))
            {
                onHost.load(reader);
                model.load_state_dict(onHost.state_dict());
            }
            // No dispose scope here: it would take the optimizer's buffers with it.
            if (optimizer is null)
                return;
            optimizer.load_state_dict(reader);
            using var random = Tensor.Load(reader);
            set_rng_state(random);
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"{path}: not a whole checkpoint: {error.Message}", error);
        }
    }

    private static BinaryReader Open(string path) => File.Exists(path)
        ? new(File.OpenRead(path))
        : throw new InvalidDataException($"{path}: there is no checkpoint here; train first, or name the folder of a training by --out.");

    private static Checkpoint ReadHeader(BinaryReader reader, string path)
    {
        try
        {
            if (reader.ReadString() == Mark && JsonSerializer.Deserialize<Checkpoint>(reader.ReadString()) is { Shape: not null, Loader: not null } header)
                return header;
        }
        catch (Exception error) when (error is EndOfStreamException or JsonException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"{path}: not a checkpoint: {error.Message}", error);
        }
        throw new InvalidDataException($"{path}: not a checkpoint of this program.");
    }
}
