namespace Latchkey.Server.Storage;

/// <summary>The databases Latchkey runs on.</summary>
internal enum StorageEngine
{
    Sqlite,
    PostgreSql,
}
