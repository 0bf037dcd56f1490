using System.Numerics;
using System.Text;
using TorchSharp;

namespace VocSeg.Torch.Tests.FcnTraining;

public sealed class EventFileTests
{
    [Fact]
    public void TensorBoard_gets_sound_records_with_name_step_and_value()
    {
        using var folder = new TempFolder();
        var writer = torch.utils.tensorboard.SummaryWriter(folder["board"]);
        Assert.Equal(folder["board"], writer.LogDir);
        writer.add_scalar("train/loss", 2.5f, 300, walltime: 12);
        var records = Records(File.ReadAllBytes(Assert.Single(Directory.GetFiles(folder["board"])))).ToList();
        Assert.Equal(2, records.Count);
        Assert.Contains("brain.Event:2", Encoding.UTF8.GetString(records[0]), StringComparison.Ordinal);
        // Time, step 300, and a summary of one value with its tag.
        byte[] expected = [
            0x09, .. BitConverter.GetBytes(12.0), 0x10, 0xAC, 0x02, 0x2A, 19, 0x0A, 17,
            0x0A, 10, .. "train/loss"u8, 0x15, .. BitConverter.GetBytes(2.5f)];
        Assert.Equal(expected, records[1]);
    }

    private static IEnumerable<byte[]> Records(byte[] file)
    {
        for (var at = 0; at < file.Length;)
        {
            var length = BitConverter.ToInt32(file, at);
            Assert.Equal(Masked(file[at..(at + 8)]), BitConverter.ToUInt32(file, at + 8));
            var record = file[(at + 12)..(at + 12 + length)];
            Assert.Equal(Masked(record), BitConverter.ToUInt32(file, at + 12 + length));
            yield return record;
            at += 16 + length;
        }
    }

    private static uint Masked(byte[] bytes)
    {
        var checksum = ~bytes.Aggregate(uint.MaxValue, BitOperations.Crc32C);
        return (checksum >> 15 | checksum << 17) + 0xA282EAD8;
    }
}
