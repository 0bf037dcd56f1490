using System.Text;
using System.Text.Json;
using Options;
using TorchSharp;
using VocSeg.Torch;

namespace FcnTraining;

/// <summary>
/// Where a training stands: its network, the next batch, the steps that are done, the best validation (below 0 for
/// none), and the epoch's totals so far. The file holds this, then the model, the optimizer and the state of the random
/// number generator.
/// </summary>
internal sealed record Checkpoint(
    FcnShape Shape, VocSegLoaderState Loader, long Step, double BestMeanIoU, EpochTotals Totals = default)
{
    /// <exception cref="IOException">It cannot be written. The file that had its name still has it.</exception>
    internal void Save(string path, Fcn model, OptimizerHelper optimizer)
    {
        try
        {
            WholeFile.Write(path, stream =>
            {
                using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
                using var random = get_rng_state();
                writer.Write(JsonSerializer.Serialize(this));
                model.save(writer);
                optimizer.save_state_dict(writer);
                random.Save(writer);
            });
        }
        // The last one is what the runtime makes of a file that is larger than its user may write.
        catch (Exception error) when (error is IOException or UnauthorizedAccessException
            or ArgumentOutOfRangeException)
        {
            var left = File.Exists(path) ? "the checkpoint before it is whole" : "there is none before it";
            var remedy = "Make room, or permit writing, and go on by --resume.";
            throw new IOException($"{path}: the checkpoint cannot be saved ({error.Message}); {left}. {remedy}", error);
        }
    }

    /// <summary>Reads a file, and brings the model and the optimizer that are given to where they stood.</summary>
    internal static Checkpoint Read(string path, Fcn? model = null, OptimizerHelper? optimizer = null)
    {
        if (!File.Exists(path))
            throw new InvalidDataException($"{path}: there is no checkpoint here; train first, or name another --out.");
        using var reader = new BinaryReader(File.OpenRead(path));
        try
        {
            var saved = JsonSerializer.Deserialize<Checkpoint>(reader.ReadString());
            if (saved is not { Shape: not null, Loader: not null })
                throw new InvalidDataException("this program has not written it.");
            if (model is null)
                return saved;
            if (saved.Shape != model.Shape)
                throw new InvalidDataException($"it is of another network, {saved.Shape}; wanted is {model.Shape}.");
            // A module on a GPU gets new parameters when it loads, which an optimizer does not know; a copy may.
            using (var onHost = new Fcn(saved.Shape))
                model.load_state_dict(onHost.load(reader).state_dict());
            if (optimizer is null)
                return saved;
            // There is no dispose scope here: it would take the optimizer's buffers with it.
            optimizer.load_state_dict(reader);
            using var random = Tensor.Load(reader);
            set_rng_state(random);
            return saved;
        }
        catch (Exception error)
        {
            throw new InvalidDataException($"{path} cannot be gone on with: {error.Message}", error);
        }
    }
}

/// <summary>Batches of an epoch that have a loss, the sum of losses, and their pixels: right ones, and all.</summary>
internal readonly record struct EpochTotals(long Batches, double LossSum, long Right, long Pixels)
{
    public double Loss => LossSum / Math.Max(1, Batches);
    public double Accuracy => (double)Right / Math.Max(1, Pixels);
}
