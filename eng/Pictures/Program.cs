using Pictures;

// Pictures [FOLDER]: writes the pictures of README and docs; by default to docs/pictures.
var folder = args.ElementAtOrDefault(0) ?? Path.Combine("docs", "pictures");
foreach (var (name, png) in DocsPictures.Make())
{
    var path = Path.Combine(folder, name);
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    File.WriteAllBytes(path, png);
    Console.WriteLine($"{path}: {png.Length / 1024} KiB");
}
