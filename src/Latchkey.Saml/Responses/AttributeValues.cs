using System.Text;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Responses;

/// <summary>Reads the values of the attributes of one verified assertion (saml-core-2.0 §2.7.3.1.1).</summary>
/// <remarks>
/// Text is the value, whatever xsi:type says. A value that holds elements is kept as their text (<see cref="ElementText"/>)
/// and never looked into. A value that is nil says that there is none.
/// </remarks>
/// <param name="longest">Bound on the text of all values with elements: a long namespace is written for each of them.</param>
internal struct AttributeValues(int longest)
{
    private int left = longest;

    /// <summary>Reads them in order.</summary>
    /// <returns>Null when the values with elements are longer than allowed.</returns>
    public string[]? Read(XmlElement attribute)
    {
        var count = 0;
        foreach (var value in attribute.Children)
            if (!value.IsNil)
                count++;
        if (count == 0)
            return [];
        var values = new string[count];
        count = 0;
        foreach (var value in attribute.Children)
        {
            if (value.IsNil)
                continue;
            var text = value.TryText(out var only) ? only.Text : TextOf(value);
            if (text is null)
                return null;
            values[count++] = text;
        }
        return values;
    }

    private string? TextOf(XmlElement value)
    {
        using var text = new OctetBuffer(256);
        if (!ElementText.Write(value, text, left))
            return null;
        left -= text.Length;
        return Encoding.UTF8.GetString(text.Written);
    }
}
