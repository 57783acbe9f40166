using System.Buffers;

namespace Latchkey.Saml.Xml;

/// <summary>A growing array from the pool. A mutable struct: keep it in a field, never copy it.</summary>
internal struct PooledList<T>
    where T : struct
{
    // Room for what is in an ordinary message.
    private const int UsualCount = 128;

    private T[]? items;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The item itself, to be read or changed in place until the next <see cref="Add"/>.</summary>
    public readonly ref T this[int index] => ref items![index];

    /// <summary>All items.</summary>
    public readonly ReadOnlySpan<T> Span => items.AsSpan(0, Count);

    /// <summary>The items from a place on, to be read or moved until the next <see cref="Add"/>.</summary>
    public readonly Span<T> From(int index) => items.AsSpan(index, Count - index);

    /// <summary>Takes the last item off.</summary>
    public void RemoveLast() => Count--;

    /// <summary>Takes all items off and keeps the array.</summary>
    public void Clear() => Count = 0;

    /// <summary>Some of the items, to be read or changed in place until the next <see cref="Add"/>.</summary>
    public readonly Span<T> Slice(int index, int count) => items.AsSpan(index, count);

    /// <summary>Appends one item and returns its place.</summary>
    public int Add(in T item)
    {
        Append() = item;
        return Count - 1;
    }

    /// <summary>Appends one cleared item, to be filled in place until the next <see cref="Add"/>.</summary>
    public ref T Append()
    {
        var array = items;
        var count = Count;
        if (array is null || (uint)count >= (uint)array.Length)
            array = Grow();
        Count = count + 1;
        ref var item = ref array[count];
        item = default;
        return ref item;
    }

    /// <summary>Gives the array back.</summary>
    public void Return()
    {
        if (items is not null)
            ArrayPool<T>.Shared.Return(items);
        items = null;
        Count = 0;
    }

    private T[] Grow()
    {
        var smaller = items;
        items = ArrayPool<T>.Shared.Rent(smaller is null ? UsualCount : smaller.Length * 2);
        if (smaller is not null)
        {
            smaller.AsSpan(0, Count).CopyTo(items);
            ArrayPool<T>.Shared.Return(smaller);
        }
        return items;
    }
}
