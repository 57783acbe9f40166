using System.Xml.Linq;
using Latchkey.Server.Storage;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Settings.Keys;

/// <summary>Keeps the Data Protection ring in the database, where every node finds it.</summary>
internal sealed class KeyRingRepository(
    IDbContextFactory<LatchkeyDbContext> databases,
    SharedTransaction shared
) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var database = databases.CreateDbContext();
        return
        [
            .. database
                .DataProtectionKeys.AsNoTracking()
                .Select(k => k.Xml)
                .AsEnumerable()
                .Select(XElement.Parse),
        ];
    }

    /// <summary>Also inside a transaction that is rolled back: the key is in memory by then, and others will be encrypted with it.</summary>
    public void StoreElement(XElement element, string friendlyName) =>
        shared.Outside(() => Store(element, friendlyName));

    private void Store(XElement element, string friendlyName)
    {
        using var database = databases.CreateDbContext();
        database.DataProtectionKeys.Add(
            new()
            {
                FriendlyName = friendlyName,
                Xml = element.ToString(SaveOptions.DisableFormatting),
            }
        );
        database.SaveChanges();
    }
}
