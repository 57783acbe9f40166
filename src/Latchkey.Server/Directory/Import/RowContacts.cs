namespace Latchkey.Server.Directory.Import;

/// <summary>
/// Addresses and phone numbers in a row, each with its kind: <c>Address1_kind</c>, <c>Address1_street</c> …, or with the kind in the
/// column's name, <c>work_streetAddress</c>. Those of the kinds that the row names take the place of those there are.
/// </summary>
internal static class RowContacts
{
    public const string Address = "address_";
    public const string Phone = "phone_";

    public static IReadOnlyList<PostalAddress> Addresses(
        ImportRow row,
        IReadOnlyList<PostalAddress> kept
    ) =>
        Over(
            row,
            Address,
            kept,
            address => address.Kind,
            (kind, part) =>
                new(
                    kind,
                    part("street"),
                    part("locality"),
                    part("region"),
                    part("postal_code"),
                    part("country")
                )
        );

    public static IReadOnlyList<PhoneNumber> Phones(
        ImportRow row,
        IReadOnlyList<PhoneNumber> kept
    ) =>
        Over(
            row,
            Phone,
            kept,
            phone => phone.Kind,
            (kind, part) => new(kind, part("number") ?? "")
        );

    private static IReadOnlyList<T> Over<T>(
        ImportRow row,
        string prefix,
        IReadOnlyList<T> kept,
        Func<T, string> kindOf,
        Func<string, Func<string, string?>, T> make
    )
    {
        var said = new List<T>();
        var named = new HashSet<string>(StringComparer.Ordinal);
        var places = row
            .Columns.Where(c => c.Field.StartsWith(prefix, StringComparison.Ordinal))
            .GroupBy(c => (c.Kind, c.Number));
        foreach (var place in places)
        {
            var parts = place.ToDictionary(c => c.Field[prefix.Length..], row.Text);
            var kind = place.Key.Kind ?? parts.GetValueOrDefault("kind");
            if (kind is not null)
            {
                named.Add(kind);
            }
            if (parts.Any(part => part.Key != "kind" && part.Value is not null))
            {
                said.Add(make(kind ?? "", name => parts.GetValueOrDefault(name)));
            }
        }
        return named.Count + said.Count == 0
            ? kept
            : [.. kept.Where(one => !named.Contains(kindOf(one))), .. said];
    }
}
