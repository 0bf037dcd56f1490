using System.Net;

namespace TorchSharp.Modules;

public class SummaryWriter
{
    private readonly string path;

    internal SummaryWriter(string? log_dir, string? filename_suffix)
    {
        LogDir = string.IsNullOrEmpty(log_dir) ? torch.utils.tensorboard.RunFolder("runs") : log_dir;
        Directory.CreateDirectory(LogDir);
        var suffix = string.IsNullOrEmpty(filename_suffix) ? "" : "." + filename_suffix;
        path = Path.Combine(LogDir, $"events.out.tfevents.{DateTime.Now.Ticks}.{Dns.GetHostName()}.{Environment.ProcessId}.1{suffix}");
        File.Delete(path);
        EventFile.AppendVersion(path);
    }

    public string LogDir { get; }

    public void add_scalar(string tag, float scalar_value, int global_step, long? walltime = null)
    {
        if (!File.Exists(path)) EventFile.AppendVersion(path);
        EventFile.AppendScalar(path, tag, scalar_value, global_step, walltime ?? DateTimeOffset.Now.ToUnixTimeSeconds());
    }
}
