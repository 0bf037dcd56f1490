namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor Load(BinaryReader reader) => TensorExtensionMethods.Load(reader);

        public static Tensor Load(Stream stream)
        {
            using var reader = new BinaryReader(stream);
            return Load(reader);
        }

        public static Tensor Load(string location)
        {
            if (!File.Exists(location)) throw new FileNotFoundException(location);
            using var stream = File.OpenRead(location);
            return Load(stream);
        }
    }
}
