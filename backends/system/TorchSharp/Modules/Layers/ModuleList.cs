using System.Collections;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    public class ModuleList<T> : Module, IList<T> where T : Module
    {
        private readonly List<T> list;
        private bool registered;

        public ModuleList(params T[] modules) : base(nameof(ModuleList)) => list = [.. modules ?? []];

        public T this[int index]
        {
            get => list[index];
            set => list[index] = value;
        }

        public int Count => list.Count;
        public bool IsReadOnly => false;
        public void Add(T item) => list.Add(item);
        public void append(params T[] parameters) => list.AddRange(parameters ?? []);
        public void extend(IEnumerable<T> modules) => list.AddRange(modules);
        public void Clear() => list.Clear();
        public bool Contains(T item) => list.Contains(item);
        public void CopyTo(T[] array, int arrayIndex) => list.CopyTo(array, arrayIndex);
        public int IndexOf(T item) => list.IndexOf(item);
        public void Insert(int index, T item) => list.Insert(index, item);
        public bool Remove(T item) => list.Remove(item);
        public void RemoveAt(int index) => list.RemoveAt(index);
        public IEnumerator<T> GetEnumerator() => list.GetEnumerator();
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        // The names are the positions at the time of registration.
        protected override void RegisterComponents()
        {
            if (registered) return;
            for (var i = 0; i < list.Count; i++) register_module(i.ToString(), list[i]);
            registered = true;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static ModuleList<Module> ModuleList(params Module[] modules) => new(modules);

            public static ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);
        }
    }
}
