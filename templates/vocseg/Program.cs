using System.Text.Json;
using TorchSharp;
using VocSeg.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

// dotnet run -c Release -- [ROOT [EPOCHS [BATCH_SIZE]]]: trains on a VOC folder, and goes on where it was stopped.
var root = args.ElementAtOrDefault(0) ?? @"VOCSEG_ROOT";
var (epochs, checkpoint) = (int.Parse(args.ElementAtOrDefault(1) ?? "30"), "checkpoint.dat");
var (palette, crop, device) = (SegmentationPalette.Voc, new ImageSize(320, 480), cuda.is_available() ? CUDA : CPU);
// Any images and labels will do: SampleCatalog.FromFolders("train/{id}.jpg", "masks/{id}.png").
using var loaders = VocSegLoaders.Load(SampleCatalog.FromVoc(root, "train"), SampleCatalog.FromVoc(root, "val"), new()
{
    Transforms = [new RandomScale(0.5, 2), new PadIfSmaller(crop), new RandomCrop(crop), new RandomHorizontalFlip()],
    Palette = palette, Device = device, Seed = 1,
}, new() { BatchSize = int.Parse(args.ElementAtOrDefault(2) ?? "16") });

// Three halvings, and the classes scaled up again: the place for a network of your own.
Module<Tensor, Tensor> Halve(int from, int to) =>
    Sequential(Conv2d(from, to, 3, stride: 2, padding: 1, bias: false), BatchNorm2d(to), ReLU());
using var model = Sequential(Halve(3, 32), Halve(32, 64), Halve(64, 128),
    Conv2d(128, 128, 3, padding: 4, dilation: 4), ReLU(), Conv2d(128, palette.ClassCount, 1),
    Upsample(scale_factor: [8, 8], mode: UpsampleMode.Bilinear, align_corners: false));
using var saved = File.Exists(checkpoint) ? new BinaryReader(new MemoryStream(File.ReadAllBytes(checkpoint))) : null;
if (saved is not null)
    (loaders.Train.State, _) = (JsonSerializer.Deserialize<VocSegLoaderState>(saved.ReadString())!, model.load(saved));
using var optimizer = optim.AdamW(model.to(device).parameters(), lr: 0.001);
if (saved is not null)
    optimizer.load_state_dict(saved);

for (var epoch = loaders.Train.NextEpoch; epoch < epochs; epoch++)
{
    var losses = new List<float>();
    model.train();
    foreach (var (image, label) in loaders.Train)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var loss = functional.cross_entropy(model.call(image), label, ignore_index: palette.IgnoreIndex);
        loss.backward();
        optimizer.step();
        losses.Add(loss.item<float>());
    }
    model.eval();
    using var constant = no_grad();
    using var matrix = new ConfusionMatrix(palette.ClassCount, device, palette.IgnoreIndex);
    loaders.Validation.NextEpoch = 0; // the same crops every time
    foreach (var (image, label) in loaders.Validation)
    {
        using var scope = NewDisposeScope();
        matrix.Add(model.call(image).argmax(1), label);
    }
    Console.WriteLine($"epoch {epoch + 1}: loss {losses.Average():F4}, mean IoU {matrix.Score().MeanIoU:F4}");
    using var writer = new BinaryWriter(File.Create(checkpoint + ".part"));
    writer.Write(JsonSerializer.Serialize(loaders.Train.State));
    model.save(writer);
    optimizer.save_state_dict(writer);
    writer.Close();
    File.Move(checkpoint + ".part", checkpoint, overwrite: true);
}
