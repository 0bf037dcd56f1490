using System.CommandLine;
using System.Globalization;
using System.Reflection;
using VocSeg.Torch;

namespace Options;

/// <summary>A record of settings.</summary>
internal interface ISettings
{
    /// <summary>What is wrong with options that are right one by one; null for nothing.</summary>
    string? Fault => null;
}

/// <summary>
/// A command line made from a record of settings: every property with a <see cref="SettingAttribute"/> is an option,
/// whose default is the property's initial value.
/// </summary>
internal sealed class SettingsCommand<T> : RootCommand
    where T : class, ISettings
{
    private const int Failed = 1, WrongUse = 2, Interrupted = 130;

    private readonly Func<T?, T> defaults;
    private readonly List<(PropertyInfo Property, Option Option)> settings = [];

    /// <param name="description">What the help says of the program.</param>
    /// <param name="defaults">Makes settings with the defaults; they may depend on what was asked for.</param>
    internal SettingsCommand(string description, Func<T?, T> defaults)
        : base(description)
    {
        this.defaults = defaults;
        var standard = defaults(null);
        // Those of a base record come first.
        foreach (var property in typeof(T).GetProperties().OrderBy(property => Depth(property.DeclaringType)))
        {
            if (property.GetCustomAttribute<SettingAttribute>() is { } setting)
                settings.Add((property, Create(setting, property.PropertyType, property.GetValue(standard))));
        }
        settings.ForEach(setting => Add(setting.Option));
    }

    /// <summary>The settings that a command line asks for.</summary>
    internal T Read(ParseResult given) => Set(defaults(Set(defaults(null), given)), given);

    /// <summary>Runs a program; an error becomes one line on standard error and an exit code.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="run">The work; it gives the exit code, and Ctrl-C or SIGTERM sets its token.</param>
    /// <param name="errorCode">The exit code after an error; null for 1.</param>
    internal async Task<int> RunAsync(string[] args, Func<T, CancellationToken, int> run, Func<int>? errorCode = null)
    {
        // The work has a thread of its own, so that Ctrl-C can wait for its end.
        SetAction((given, stop) =>
        {
            var read = Read(given);
            return read.Fault is { } fault
                ? Task.FromResult(Say(fault, WrongUse))
                : Task.Run(() => run(read, stop), CancellationToken.None);
        });
        var given = Parse(args);
        if (given.Errors is [var wrong, ..])
            return Say(wrong.Message, WrongUse);
        try
        {
            return await given.InvokeAsync(new()
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeSpan.FromMinutes(2),
            });
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
        catch (Exception error) when (error is DatasetException or ArgumentException or InvalidOperationException
            or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return Say(error.Message, errorCode?.Invoke() ?? Failed);
        }
    }

    private T Set(T values, ParseResult given)
    {
        foreach (var (property, option) in settings)
        {
            if (option is Option<bool> flag)
                property.SetValue(values, given.GetValue(flag));
            else if (given.GetResult(option) is { Implicit: false, Tokens: [var token] })
                property.SetValue(values, Value(property.PropertyType, token.Value, atLeast: int.MinValue).Value);
        }
        return values;
    }

    private static Option Create(SettingAttribute setting, Type type, object? standard)
    {
        if (type == typeof(bool))
            return new Option<bool>(setting.Name) { Description = setting.Help };
        var option = new Option<string>(setting.Name)
        {
            Description = setting.Help,
            HelpName = setting.Value,
        };
        if (standard is not null)
            option.DefaultValueFactory = _ => standard is Enum ? $"{standard}".ToLowerInvariant() : $"{standard}";
        option.Validators.Add(result =>
        {
            if (result is { Implicit: false, Tokens: [var token] }
                && Value(type, token.Value, setting.AtLeast) is (null, var wanted))
            {
                result.AddError($"{setting.Name} is {wanted}; '{token.Value}' was given.");
            }
        });
        return option;
    }

    // The value of a text, null where it has none; and in words what values there are.
    private static (object? Value, string Wanted) Value(Type type, string text, int atLeast)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return (text, "");
        if (type == typeof(int))
            return (int.TryParse(text, out var n) && n >= atLeast ? n : null, $"a whole number of at least {atLeast}");
        if (type == typeof(long))
            return (long.TryParse(text, out var n) ? n : null, "a whole number");
        if (type == typeof(double))
        {
            var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var x);
            return (isNumber && x >= 0 && double.IsFinite(x) ? x : null, "a number that is not below 0");
        }
        if (type == typeof(ImageSize))
            return (ImageSize.TryParse(text, out var size) ? size : null, "a height and a width such as 320x480");
        if (type == typeof(SampleCache))
        {
            return (
                SampleCache.TryParse(text, out var cache) ? cache : null,
                "none, host, device, disk=FOLDER or device=FOLDER");
        }
        if (type == typeof(DeviceName))
            return (DeviceName.Parse(text), "cpu, cuda or cuda:N");
        string[] names = [.. Enum.GetNames(type).Select(name => name.ToLowerInvariant())];
        var value = names.Contains(text) ? Enum.Parse(type, text, ignoreCase: true) : null;
        return (value, $"{string.Join(", ", names[..^1])} or {names[^1]}");
    }

    private static int Depth(Type? type) => type is null ? 0 : 1 + Depth(type.BaseType);

    private static int Say(string message, int exitCode)
    {
        Console.Error.WriteLine($"error: {message.ReplaceLineEndings(" ")}");
        return exitCode;
    }
}
