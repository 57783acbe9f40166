using Latchkey.Server.Directory.Attributes;

namespace Latchkey.Server.Directory.Pages;

/// <summary>One postal address.</summary>
public sealed class AddressRow
{
    public string? Kind { get; set; }
    public string? Street { get; set; }
    public string? Locality { get; set; }
    public string? Region { get; set; }
    public string? PostalCode { get; set; }
    public string? Country { get; set; }

    internal bool IsEmpty =>
        string.IsNullOrWhiteSpace($"{Kind}{Street}{Locality}{Region}{PostalCode}{Country}");

    internal static AddressRow From(PostalAddress address) =>
        new()
        {
            Kind = address.Kind,
            Street = address.Street,
            Locality = address.Locality,
            Region = address.Region,
            PostalCode = address.PostalCode,
            Country = address.Country,
        };

    internal PostalAddress ToAddress() =>
        new(Kind ?? "", Street, Locality, Region, PostalCode, Country);
}

/// <summary>One phone number.</summary>
public sealed class PhoneRow
{
    public string? Kind { get; set; }
    public string? Number { get; set; }

    internal bool IsEmpty => string.IsNullOrWhiteSpace($"{Kind}{Number}");
}

/// <summary>One value of a custom attribute.</summary>
public sealed class AttributeRow
{
    public string? Name { get; set; }
    public string? Value { get; set; }

    internal bool IsEmpty => string.IsNullOrWhiteSpace($"{Name}{Value}");
}

/// <summary>The values of an attribute that the organisation defined: one text, or a line each.</summary>
public sealed class DefinedRow
{
    public string? Name { get; set; }
    public string? Value { get; set; }

    internal IEnumerable<string> Values(AttributeType type) =>
        type == AttributeType.List
            ? (Value ?? "").Split(
                '\n',
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            )
            : new[] { Value?.Trim() ?? "" }.Where(value => value.Length > 0);
}
