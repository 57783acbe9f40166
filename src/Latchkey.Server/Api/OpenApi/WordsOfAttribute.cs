namespace Latchkey.Server.Api.OpenApi;

/// <summary>The field is one of the words of a list that lives elsewhere: its property <c>All</c>, or the list itself.</summary>
/// <param name="holder">The type that has the list as a static property.</param>
/// <param name="name">The property.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WordsOfAttribute(Type holder, string name) : Attribute
{
    /// <summary>Whether another text is taken as it is.</summary>
    public bool Open { get; init; }

    public IReadOnlyList<string> Words
    {
        get
        {
            var list = holder.GetProperty(name)!.GetValue(null)!;
            return list as IReadOnlyList<string>
                ?? (IReadOnlyList<string>)list.GetType().GetProperty("All")!.GetValue(list)!;
        }
    }
}
