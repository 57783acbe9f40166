namespace Latchkey.Server.Storage;

/// <summary>The columns of one row, by their number, each in the type that its engine keeps it in (see <see cref="Migrations.ColumnTypes"/>).</summary>
internal interface IStoredColumns
{
    bool IsNull(int column);

    Guid Id(int column);

    string Text(int column);

    long Long(int column);

    bool Flag(int column);

    /// <summary>See <see cref="Instants"/>.</summary>
    DateTimeOffset Instant(int column);
}

/// <summary>A row that is read without EF Core, one column after the other.</summary>
internal struct StoredRow(IStoredColumns columns)
{
    private int _column;

    /// <summary>Whether the next column holds nothing.</summary>
    public readonly bool IsNull => columns.IsNull(_column);

    public Guid Id() => columns.Id(_column++);

    public Guid? IdOrNull() => Skips() ? null : Id();

    public string Text() => columns.Text(_column++);

    public string? TextOrNull() => Skips() ? null : Text();

    public int Number() => checked((int)Long());

    public long Long() => columns.Long(_column++);

    public bool Flag() => columns.Flag(_column++);

    public T Name<T>()
        where T : struct, Enum => Enum.Parse<T>(Text());

    public T? NameOrNull<T>()
        where T : struct, Enum => Skips() ? null : Name<T>();

    /// <summary>See <see cref="JsonColumn"/>.</summary>
    public T Json<T>()
        where T : class => JsonColumn.Read<T>(Text());

    public DateTimeOffset Instant() => columns.Instant(_column++);

    public DateTimeOffset? InstantOrNull() => Skips() ? null : Instant();

    private bool Skips()
    {
        if (!IsNull)
            return false;
        _column++;
        return true;
    }
}
