using FcnTraining;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.FcnTraining;

[Collection(LiveTensors.Name)]
public sealed class CheckpointTests : IDisposable
{
    private static readonly FcnShape Shape = new(3, Width: 4);

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TempFolder folder = new();

    private string Path => folder["last.checkpoint"];

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Model_momentum_position_and_random_numbers_come_back()
    {
        var loader = new VocSegLoaderState(2, 5, 11, 4, 40, Shuffle: true, DropLast: true);
        var saved = new Checkpoint(Shape, loader, 25, 0.25, new(3, 0.1, 7, 9));
        manual_seed(1);
        using var model = new Fcn(Shape);
        using var optimizer = Optimizer(model);
        Step(model, optimizer, rand(2, 3, 32, 32));
        saved.Save(Path, model, optimizer);
        var image = rand(2, 3, 32, 32);
        Step(model, optimizer, image);

        using var other = new Fcn(Shape);
        using var otherOptimizer = Optimizer(other);
        Assert.Equal(saved, Checkpoint.Read(Path));
        Checkpoint.Read(Path, other, otherOptimizer);
        Assert.True(rand(2, 3, 32, 32).Equals(image));
        Step(other, otherOptimizer, image);
        foreach (var (name, value) in model.state_dict())
            Assert.True(value.Equals(other.state_dict()[name]), name);
        Assert.Equal([Path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Another_network_or_a_cut_file_is_refused()
    {
        using var model = new Fcn(Shape);
        using var optimizer = Optimizer(model);
        new Checkpoint(Shape, new(0, 0, 1, 1, 1, Shuffle: true, DropLast: true), 0, -1).Save(Path, model, optimizer);
        using var wider = new Fcn(Shape with { Width = 8 });
        var error = Assert.Throws<InvalidDataException>(() => Checkpoint.Read(Path, wider));
        Assert.Contains("width 4", error.Message, StringComparison.Ordinal);
        foreach (var length in new[] { 0, 5, 60, 5000 })
        {
            File.WriteAllBytes(folder["cut"], File.ReadAllBytes(Path)[..length]);
            Assert.Throws<InvalidDataException>(() => Checkpoint.Read(folder["cut"], model, optimizer));
        }
        Assert.Throws<InvalidDataException>(() => Checkpoint.Read(folder["absent"]));
    }

    [Theory]
    // A text of 2 GiB, which does not follow.
    [InlineData(new byte[] { 255, 255, 255, 255, 7, 123 })]
    // {"$type":"System.IO.FileInfo, mscorlib"}: names of types mean nothing.
    [InlineData(new byte[]
    {
        40, 123, 34, 36, 116, 121, 112, 101, 34, 58, 34, 83, 121, 115, 116, 101, 109, 46, 73, 79, 46, 70, 105, 108, 101,
        73, 110, 102, 111, 44, 32, 109, 115, 99, 111, 114, 108, 105, 98, 34, 125,
    })]
    public void What_a_checkpoint_says_of_itself_is_not_believed(byte[] bytes)
    {
        File.WriteAllBytes(Path, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => Checkpoint.Read(Path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void A_folder_that_may_not_be_written_leaves_the_checkpoint_before_and_says_so()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs permissions as on Unix");
        if (OperatingSystem.IsWindows())
            return;
        using var model = new Fcn(Shape);
        using var optimizer = Optimizer(model);
        var saved = new Checkpoint(Shape, new(0, 0, 1, 1, 1, Shuffle: true, DropLast: true), 0, -1);
        saved.Save(Path, model, optimizer);
        var before = File.ReadAllBytes(Path);
        const UnixFileMode Read = (UnixFileMode)0b101_101_101;
        File.SetUnixFileMode(folder.Path, Read);
        try
        {
            OrdinaryUser.Run(() =>
            {
                var error = Assert.Throws<IOException>(
                    () => (saved with { Step = 1 }).Save(Path, model, optimizer));
                Assert.StartsWith($"{Path}: the checkpoint cannot be saved", error.Message, StringComparison.Ordinal);
                Assert.Contains("the checkpoint before it is whole", error.Message, StringComparison.Ordinal);
                var first = Assert.Throws<IOException>(() => saved.Save(folder["other"], model, optimizer));
                Assert.Contains("there is none before it", first.Message, StringComparison.Ordinal);
            });
        }
        finally
        {
            File.SetUnixFileMode(folder.Path, Read | UnixFileMode.UserWrite);
        }
        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.Equal([Path], Directory.GetFiles(folder.Path));
    }

    private static SGD Optimizer(Fcn model) => optim.SGD(model.parameters(), 0.1, 0.9, weight_decay: 1e-3);

    private static void Step(Fcn model, SGD optimizer, Tensor image)
    {
        model.train();
        optimizer.zero_grad();
        model.call(image).mean().backward();
        optimizer.step();
    }
}
