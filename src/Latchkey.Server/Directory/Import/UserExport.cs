using System.Globalization;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Import;

/// <summary>Writes all users as a file that can be imported again: what an import knows, but for passwords. A page of users at a time is in memory.</summary>
internal sealed class UserExport(IDbContextFactory<LatchkeyDbContext> databases)
{
    private const int Page = 500;

    private static readonly string[] s_address =
    [
        "kind",
        "streetAddress",
        "locality",
        "region",
        "postalCode",
        "country",
    ];

    private static readonly string[] s_phone = ["kind", "number"];

    private static readonly (string Header, Func<User, string?> Read)[] s_facts =
    [
        ("FirstName", u => u.FirstName),
        ("LastName", u => u.LastName),
        ("Username", u => u.Username),
        ("Email", u => u.Email),
        ("alternateEmail", u => u.AlternateEmail),
        ("recoveryEmail", u => u.RecoveryEmail),
        ("middlename", u => u.MiddleName),
        ("displayname", u => u.DisplayName),
        ("description", u => u.Description),
        ("company", u => u.Company),
        ("costCenter", u => u.CostCenter),
        ("department", u => u.Department),
        ("employeeIdentifier", u => u.EmployeeIdentifier),
        ("employeeType", u => u.EmployeeType),
        ("jobTitle", u => u.JobTitle),
        ("location", u => u.Location),
        ("language", u => u.Language),
        ("state", u => UserChanges.Name(u.State)),
    ];

    public async Task WriteAsync(Stream to, CancellationToken cancellationToken)
    {
        var (groups, attributes, addresses, phones) = await WidthAsync(cancellationToken);
        await using var text = new StreamWriter(to, leaveOpen: true);
        var csv = new CsvWriter(text);
        await csv.WriteAsync([
            .. s_facts.Select(fact => fact.Header),
            ImportRow.AsksFactor,
            "manager",
            .. Enumerable.Range(1, groups).Select(i => Numbered("Group", i)),
            .. Enumerable
                .Range(1, attributes)
                .SelectMany(i =>
                    new[]
                    {
                        Numbered("Attribute", i) + "_name",
                        Numbered("Attribute", i) + "_value",
                    }
                ),
            .. Enumerable
                .Range(1, addresses)
                .SelectMany(i => s_address.Select(part => Numbered("Address", i) + "_" + part)),
            .. Enumerable
                .Range(1, phones)
                .SelectMany(i => s_phone.Select(part => Numbered("Phone", i) + "_" + part)),
        ]);
        await foreach (var (user, asked, manager, names) in UsersAsync(cancellationToken))
        {
            var values = user
                .Attributes.SelectMany(a => a.Value.SelectMany(value => new[] { a.Key, value }))
                .ToList();
            await csv.WriteAsync([
                .. s_facts.Select(fact => fact.Read(user)),
                asked ? "true" : "false",
                manager,
                .. names,
                .. Enumerable.Repeat<string?>(null, groups - names.Count),
                .. values,
                .. Enumerable.Repeat<string?>(null, (attributes * 2) - values.Count),
                .. user.Addresses.SelectMany(Cells),
                .. Enumerable.Repeat<string?>(
                    null,
                    (addresses - user.Addresses.Count) * s_address.Length
                ),
                .. user.PhoneNumbers.SelectMany(p => new[] { p.Kind, p.Number }),
                .. Enumerable.Repeat<string?>(
                    null,
                    (phones - user.PhoneNumbers.Count) * s_phone.Length
                ),
            ]);
        }
    }

    private static string?[] Cells(PostalAddress address) =>
        [
            address.Kind,
            address.Street,
            address.Locality,
            address.Region,
            address.PostalCode,
            address.Country,
        ];

    private static string Numbered(string name, int number) =>
        name + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>How many columns of groups, attributes, addresses and phone numbers the widest user needs.</summary>
    private async Task<(int Groups, int Attributes, int Addresses, int Phones)> WidthAsync(
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var groups = await db
            .GroupMembers.Where(m => m.ByHand)
            .GroupBy(m => m.UserId)
            .Select(g => (int?)g.Count())
            .MaxAsync(cancellationToken);
        var (attributes, addresses, phones) = (0, 0, 0);
        await foreach (
            var of in db
                .Users.Select(u => new
                {
                    u.Attributes,
                    u.Addresses,
                    u.PhoneNumbers,
                })
                .AsAsyncEnumerable()
                .WithCancellation(cancellationToken)
        )
        {
            attributes = Math.Max(attributes, of.Attributes.Sum(a => a.Value.Count));
            addresses = Math.Max(addresses, of.Addresses.Count);
            phones = Math.Max(phones, of.PhoneNumbers.Count);
        }
        return (groups ?? 0, attributes, addresses, phones);
    }

    private async IAsyncEnumerable<(
        User User,
        bool AsksFactor,
        string? Manager,
        IReadOnlyList<string> Groups
    )> UsersAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var last = "";
        while (true)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var rows = await db
                .Users.AsNoTracking()
                .Where(u => u.NormalizedUsername.CompareTo(last) > 0)
                .OrderBy(u => u.NormalizedUsername)
                .Take(Page)
                .ToListAsync(cancellationToken);
            if (rows.Count == 0)
            {
                yield break;
            }
            var ids = rows.Select(u => u.Id).ToList();
            var managers = rows.Select(u => u.ManagerId).OfType<Guid>().Distinct().ToList();
            var names = await db
                .Users.Where(u => managers.Contains(u.Id))
                .ToDictionaryAsync(u => u.Id, u => u.Username, cancellationToken);
            var memberships = (
                await db
                    .GroupMembers.Where(m => ids.Contains(m.UserId) && m.ByHand)
                    .Join(db.Groups, m => m.GroupId, g => g.Id, (m, g) => new { m.UserId, g.Name })
                    .OrderBy(m => m.Name)
                    .ToListAsync(cancellationToken)
            ).ToLookup(m => m.UserId, m => m.Name);
            var asked = await db
                .FactorStandings.Where(s => s.Required && ids.Contains(s.UserId))
                .Select(s => s.UserId)
                .ToHashSetAsync(cancellationToken);
            foreach (var user in rows)
            {
                var manager = user.ManagerId is { } id ? names.GetValueOrDefault(id) : null;
                yield return (user, asked.Contains(user.Id), manager, [.. memberships[user.Id]]);
            }
            last = rows[^1].NormalizedUsername;
        }
    }
}
