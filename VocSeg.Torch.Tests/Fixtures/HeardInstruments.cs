using System.Diagnostics.Metrics;

namespace VocSeg.Torch.Tests;

/// <summary>Listens to the instruments of the loaders of one split, from whichever threads.</summary>
internal sealed class HeardInstruments : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly Dictionary<string, (double Sum, int Count)> heard = new(StringComparer.Ordinal);
    private readonly string split;

    internal HeardInstruments(string split)
    {
        this.split = split;
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name == "VocSeg.Torch")
                own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.Start();
    }

    internal double Sum(string instrument)
    {
        lock (heard)
            return heard.GetValueOrDefault(instrument).Sum;
    }

    internal int Count(string instrument)
    {
        lock (heard)
            return heard.GetValueOrDefault(instrument).Count;
    }

    /// <summary>What an instrument that is asked says now; null where it says nothing.</summary>
    internal int? Ask(string instrument)
    {
        lock (heard)
            heard.Remove(instrument);
        listener.RecordObservableInstruments();
        lock (heard)
            return heard.TryGetValue(instrument, out var value) ? (int)value.Sum : null;
    }

    public void Dispose() => listener.Dispose();

    private void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Assert.Equal(1, tags.Length);
        Assert.Equal("vocseg.split", tags[0].Key);
        if (!split.Equals(tags[0].Value))
            return;
        lock (heard)
        {
            var (sum, count) = heard.GetValueOrDefault(instrument.Name);
            heard[instrument.Name] = (sum + value, count + 1);
        }
    }
}
