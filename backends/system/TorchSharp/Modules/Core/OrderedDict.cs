using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TorchSharp.Utils;

/// <summary>A dictionary that keeps the order in which its keys came.</summary>
public class OrderedDict<TKey, TValue> : IDictionary<TKey, TValue>, IList<(TKey, TValue)> where TKey : notnull
{
    private readonly List<(TKey, TValue)> list = [];
    private readonly Dictionary<TKey, TValue> dictionary = [];

    public int Count => list.Count;
    public bool IsReadOnly => false;
    public ICollection<TKey> Keys => list.Select(item => item.Item1).ToList();
    public ICollection<TValue> Values => list.Select(item => item.Item2).ToList();
    public IEnumerable<TKey> keys() => Keys;
    public IEnumerable<TValue> values() => Values;
    public IEnumerator<(TKey, TValue)> items() => GetEnumerator();

    public (TKey, TValue) this[int index]
    {
        get => list[index];
        set
        {
            list[index] = value;
            dictionary[value.Item1] = value.Item2;
        }
    }

    public TValue this[TKey key]
    {
        get => dictionary[key];
        set
        {
            dictionary[key] = value;
            var position = Position(key);
            if (position >= 0) list[position] = (key, value);
            else list.Add((key, value));
        }
    }

    public void Add(TKey key, TValue value) => Insert(Count, (key, value));
    public void Add((TKey, TValue) item) => Insert(Count, item);
    public void Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    public void Insert(int index, (TKey, TValue) item)
    {
        dictionary.Add(item.Item1, item.Item2);
        list.Insert(index, item);
    }

    public bool Remove(TKey key)
    {
        if (!dictionary.Remove(key)) return false;
        list.RemoveAt(Position(key));
        return true;
    }

    public bool Remove((TKey, TValue) item) => Remove(item.Item1);
    public bool Remove(KeyValuePair<TKey, TValue> item) => Remove(item.Key);
    public void RemoveAt(int index) => Remove(list[index].Item1);

    public void Clear()
    {
        dictionary.Clear();
        list.Clear();
    }

    public void clear() => Clear();

    public bool ContainsKey(TKey key) => dictionary.ContainsKey(key);
    public bool Contains((TKey, TValue) item) => list.Contains(item);
    public bool Contains(KeyValuePair<TKey, TValue> item) => ContainsKey(item.Key);
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => dictionary.TryGetValue(key, out value);
    public int IndexOf((TKey, TValue) item) => list.IndexOf(item);
    public void CopyTo((TKey, TValue)[] array, int arrayIndex) => list.CopyTo(array, arrayIndex);
    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex)
        => list.ConvertAll(item => KeyValuePair.Create(item.Item1, item.Item2)).CopyTo(array, arrayIndex);

    public IEnumerator<(TKey, TValue)> GetEnumerator() => list.GetEnumerator();

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator()
        => list.Select(item => KeyValuePair.Create(item.Item1, item.Item2)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int Position(TKey key) => list.FindIndex(item => item.Item1.Equals(key));
}
