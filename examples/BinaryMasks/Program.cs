using BinaryMasks;
using VocSeg.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

// BinaryMasks [FOLDER [TILE]]: FOLDER has images/ and masks/ with equal names; where it is not there it is generated.
var folder = args.ElementAtOrDefault(0) ?? "data/cells";
var tile = int.Parse(args.ElementAtOrDefault(1) ?? "256", null);
if (!Directory.Exists(folder))
    Cells.Write(folder, new(3 * tile, 9 * tile / 2), images: 12); // 768x1152

// A quarter of the images is held out with all of its tiles. What a tile has beyond its image is padded and ignored.
var parts = SampleCatalog.FromFolders($"{folder}/images", $"{folder}/masks").Split(seed: 5, 0.75, 0.25);
using var loaders = VocSegLoaders.Load(parts[0].Tiles((tile, tile)), parts[1].Tiles((tile, tile)), new()
{
    Transforms = [new Whole()],
    Channels = ImageChannels.Gray,
    LabelForm = LabelForm.Mask,
    Palette = SegmentationPalette.Binary,
    Normalization = CatalogStatistics.Measure(parts[0], SegmentationPalette.Binary).Normalization,
    Seed = 1,
}, new() { BatchSize = 4 });
manual_seed(1);
using var model = new UNet(width: 8);
using var optimizer = optim.Adam(model.parameters(), lr: 0.003);
for (var epoch = 1; epoch <= 4; epoch++)
{
    model.train();
    var losses = new List<double>();
    foreach (var batch in loaders.Train)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var loss = binary_cross_entropy_with_logits(model.call(batch.Image), batch.Label, batch.Weight);
        loss.backward();
        optimizer.step();
        losses.Add(loss.item<float>());
    }
    // Pixels that label and prediction both have, by those that one of them has, over all tiles held out.
    using var constant = no_grad();
    model.eval();
    var (both, either) = (0.0, 0.0);
    foreach (var batch in loaders.Validation)
    {
        using var scope = NewDisposeScope();
        var predicted = model.call(batch.Image).sigmoid().round() * batch.Weight!;
        both += (predicted * batch.Label).sum().item<float>();
        either += predicted.maximum(batch.Label).sum().item<float>();
    }
    Console.WriteLine($"epoch {epoch}: loss {losses.Average():F4}, IoU {both / either:F3}");
}
