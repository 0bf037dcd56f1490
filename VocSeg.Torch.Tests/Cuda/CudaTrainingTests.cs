using System.Text.Json;
using FcnTraining;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace VocSeg.Torch.Tests.Cuda;

/// <summary>The example's training on a GPU.</summary>
[Trait("needs", "cuda")]
public sealed class CudaTrainingTests
{
    [Fact]
    public void Three_steps_on_a_batch_lower_the_loss_each_time()
    {
        var device = Gpu.Require();
        using var set = new TinySet();
        using var dataset = new VocSegDataset(
            set.Root, "train", new() { Transforms = [new RandomCrop(new(40, 48))], Device = device, Seed = 1 });
        using var loader = new VocSegDataLoader(
            dataset, new() { BatchSize = 8, Shuffle = true, DropLast = true, Cache = SampleCache.Device });
        torch.manual_seed(1);
        using var model = new Fcn(new(21, 16, FcnHead.Fcn32));
        model.to(device);
        using var optimizer = torch.optim.SGD(model.parameters(), 0.01);
        using var batch = loader.GetEnumerator();
        Assert.True(batch.MoveNext());
        var losses = new List<float>();
        for (var step = 0; step < 4; step++)
        {
            using var scope = torch.NewDisposeScope();
            optimizer.zero_grad();
            var loss = cross_entropy(model.call(batch.Current.Image), batch.Current.Label, ignore_index: 255);
            loss.backward();
            optimizer.step();
            losses.Add(loss.item<float>());
        }
        Assert.All(losses, loss => Assert.True(float.IsFinite(loss)));
        Assert.All(
            losses.Zip(losses.Skip(1)),
            pair => Assert.True(pair.Second < pair.First, $"{string.Join(", ", losses)}"));
    }

    [Fact]
    public void A_stopped_training_goes_on_with_the_next_batch()
    {
        Gpu.Require();
        using var set = new TinySet();
        string[] Arguments(string folder, int epochs) => [
            "--root", set.Root, "--out", set[folder], "--device", "cuda", "--crop", "40x48", "--batch-size", "2",
            "--epochs", $"{epochs}", "--width", "8", "--seed", "7",
            "--schedule", "constant", "--cache", "device", "--log-every", "1", "--gallery", "0"];
        RequireSuccess(Arguments("whole", 4));
        RequireSuccess(Arguments("halves", 2));
        var resumed = RequireSuccess([.. Arguments("halves", 4), "--resume"]);
        Assert.Contains("going on after step 8 of 16", resumed, StringComparison.Ordinal);
        var (whole, halves) = (Losses("whole"), Losses("halves"));
        Assert.Equal(16, whole.Count);
        Assert.Equal(whole.Select(loss => loss.Step), halves.Select(loss => loss.Step));
        // A GPU adds in an order of its own: near, not equal.
        Assert.All(whole.Zip(halves), pair => Assert.Equal(pair.First.Loss, pair.Second.Loss, 0.05 * pair.First.Loss));

        List<(long Step, double Loss)> Losses(string folder) => [..
            File.ReadLines(Path.Combine(set[folder], "metrics.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.TryGetProperty("loss", out _))
            .Select(line => (line.GetProperty("step").GetInt64(), line.GetProperty("loss").GetDouble()))];
    }

    [Fact]
    public void An_image_of_any_size_is_predicted()
    {
        Gpu.Require();
        using var set = new TinySet();
        string[] common = ["--root", set.Root, "--out", set["out"], "--device", "cuda"];
        RequireSuccess(
            [.. common, "--crop", "40x48", "--batch-size", "4", "--epochs", "1", "--width", "4", "--gallery", "0"]);
        RequireSuccess([.. common, "--predict", Path.Combine(set.Root, "JPEGImages", "s05.jpg")]);
        Assert.True(File.Exists(Path.Combine(set["out"], "predictions", "s05", "s05.png")));
    }

    private static string RequireSuccess(string[] arguments)
    {
        var run = TrainingProcess.Run(arguments);
        // libtorch may warn there of this and that.
        Assert.True(run.ExitCode == 0, $"exit status {run.ExitCode}: {run.Error}");
        return run.Output;
    }
}
