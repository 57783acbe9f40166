using System.Buffers;

namespace Latchkey.Saml.Xml;

/// <summary>A growing array from the pool. A mutable struct: keep it in a field, never copy it.</summary>
internal struct PooledList<T>
    where T : struct
{
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

    /// <summary>Appends one item and returns its place.</summary>
    public int Add(in T item)
    {
        if (items is null)
            items = ArrayPool<T>.Shared.Rent(64);
        else if (Count == items.Length)
            Grow();
        items[Count] = item;
        return Count++;
    }

    /// <summary>Gives the array back.</summary>
    public void Return()
    {
        if (items is not null)
            ArrayPool<T>.Shared.Return(items);
        items = null;
        Count = 0;
    }

    private void Grow()
    {
        var larger = ArrayPool<T>.Shared.Rent(items!.Length * 2);
        items.AsSpan(0, Count).CopyTo(larger);
        ArrayPool<T>.Shared.Return(items);
        items = larger;
    }
}
