namespace VocSeg.Torch;

/// <summary>A source did not give what was asked for.</summary>
/// <param name="message">What it gave instead.</param>
/// <param name="again">Whether it may do better when it is asked again.</param>
/// <param name="wait">How long the source asked to be left alone.</param>
/// <param name="cause">What led to it, if anything.</param>
internal sealed class SourceFailure(string message, bool again, TimeSpan? wait = null, Exception? cause = null) : Exception(message, cause)
{
    internal bool Again => again;

    internal TimeSpan? Wait => wait;
}
