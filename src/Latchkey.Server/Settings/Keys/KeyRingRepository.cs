using System.Xml.Linq;
using Latchkey.Server.Storage;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Settings.Keys;

/// <summary>Keeps the Data Protection ring in the database, where every node finds it.</summary>
internal sealed class KeyRingRepository(IDbContextFactory<LatchkeyDbContext> databases)
    : IXmlRepository
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

    public void StoreElement(XElement element, string friendlyName)
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
