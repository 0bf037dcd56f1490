using System.Globalization;
using System.Net;

namespace TorchSharp;

public static partial class torch
{
    public static partial class utils
    {
        public static partial class tensorboard
        {
            public static Modules.SummaryWriter SummaryWriter(string? log_dir = null, string? filename_suffix = null, bool createRunName = false)
                => new(createRunName && !string.IsNullOrEmpty(log_dir) ? RunFolder(log_dir) : log_dir, filename_suffix);

            internal static string RunFolder(string parent)
                => Path.Combine(parent, DateTime.Now.ToString("MMMd_H-m-s_", CultureInfo.InvariantCulture) + Dns.GetHostName());
        }
    }
}
