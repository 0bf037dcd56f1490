using Options;
using Throughput;

if (args is [var child, .. var rest] && Job.Children.TryGetValue(child, out var run))
{
    var work = new SettingsCommand<Job>("Works for a run of this program.", _ => new());
    return await work.RunAsync(rest, (job, _) => { run(job); return 0; });
}
if (args is [Disk.Reader, var root, var folder])
    return Disk.Read(root, folder);
if (args is ["readme"])
    return ReadMeTable.Write();
var command = new SettingsCommand<Settings>(
    "Measures the loader beside its peers and limits, interleaved, one at a time.",
    given => new() { Rounds = given?.Quick == true ? 2 : 5 });
return await command.RunAsync(args, (settings, _) => Bench.Run(settings));
