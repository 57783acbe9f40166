using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Latchkey.Server.Storage;

/// <summary>
/// How points in time are stored: always UTC, to the microsecond, so that both engines sort them alike and give back the same value.
/// PostgreSQL has a type for that. SQLite has none, and EF Core neither sorts nor compares the text it would write there; microseconds
/// since 1970 as an integer sort by nature, and an index over them is a third of the size.
/// </summary>
internal static class Instants
{
    public static void Apply(IMutableModel model, StorageEngine engine)
    {
        ValueConverter converter =
            engine == StorageEngine.Sqlite
                ? new ValueConverter<DateTimeOffset, long>(
                    instant => ToMicroseconds(instant),
                    microseconds => FromMicroseconds(microseconds)
                )
                : new ValueConverter<DateTimeOffset, DateTimeOffset>(
                    instant => instant.ToUniversalTime(),
                    instant => instant
                );
        foreach (var property in model.GetEntityTypes().SelectMany(e => e.GetProperties()))
        {
            if (
                (Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType)
                == typeof(DateTimeOffset)
            )
            {
                property.SetValueConverter(converter);
            }
        }
    }

    public static long ToMicroseconds(DateTimeOffset instant) =>
        (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
