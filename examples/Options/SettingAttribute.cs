namespace Options;

/// <summary>Makes a property of a record of settings an option of the command line.</summary>
/// <param name="form">Its name, and what stands behind it, such as <c>--epochs N</c>.</param>
/// <param name="help">What the help says of it.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingAttribute(string form, string help) : Attribute
{
    internal string Name => form.Split(' ')[0];

    internal string? Value => form.Split(' ').ElementAtOrDefault(1);

    internal string Help => help;

    /// <summary>The least that a whole number may be; by default 1.</summary>
    public int AtLeast { get; init; } = 1;
}
