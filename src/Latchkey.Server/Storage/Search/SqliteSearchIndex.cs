namespace Latchkey.Server.Storage.Search;

/// <summary>
/// SQLite's index of the parts of words: every three letters that follow each other in a row's <c>search_text</c> (FTS5 with its trigram
/// tokenizer, https://www.sqlite.org/fts5.html). Triggers keep it in step, so whoever writes rows need not know of it. It keeps no copy
/// of the texts, and numbers the rows by itself: SQLite's own row numbers may change when a file is compacted.
/// </summary>
internal static class SqliteSearchIndex
{
    /// <summary>The statements that make one for a table which has its <c>search_text</c> already, empty in every row. A migration runs them, so they stay as they are.</summary>
    public static string Create(string table) =>
        $"""
            CREATE TABLE {table}_search_rows (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
            INSERT INTO {table}_search_rows (id) SELECT id FROM {table} ORDER BY id;
            CREATE VIRTUAL TABLE {table}_search USING fts5(text, content='', columnsize=0, tokenize='trigram case_sensitive 1');
            INSERT INTO {table}_search (rowid, text) SELECT number, '' FROM {table}_search_rows;
            CREATE TRIGGER {table}_search_added AFTER INSERT ON {table} BEGIN
                INSERT INTO {table}_search_rows (id) VALUES (new.id);
                {Add(table)}
            END;
            CREATE TRIGGER {table}_search_changed AFTER UPDATE OF search_text ON {table} WHEN old.search_text <> new.search_text BEGIN
                {Remove(table)}
                {Add(table)}
            END;
            CREATE TRIGGER {table}_search_removed AFTER DELETE ON {table} BEGIN
                {Remove(table)}
                DELETE FROM {table}_search_rows WHERE id = old.id;
            END;
            """;

    /// <summary>The numbers of the rows that match; the parameter is <see cref="Match"/>'s.</summary>
    public static string Numbers(string table) =>
        $$"""SELECT rowid AS "Value" FROM {{table}}_search WHERE {{table}}_search MATCH {0}""";

    /// <summary>Their identifiers.</summary>
    public static string Ids(string table) =>
        $$"""
            SELECT r.id AS "Value" FROM {{table}}_search f JOIN {{table}}_search_rows r ON r.number = f.rowid
            WHERE f.{{table}}_search MATCH {0}
            """;

    /// <summary>Asks for rows that hold each word as it stands.</summary>
    public static string Match(IEnumerable<string> words) =>
        string.Join(
            " AND ",
            words.Select(word => $"\"{word.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")
        );

    private static string Add(string table) =>
        $"INSERT INTO {table}_search (rowid, text) SELECT number, new.search_text FROM {table}_search_rows WHERE id = new.id;";

    // An index without texts has to be told what it forgets.
    private static string Remove(string table) =>
        $"INSERT INTO {table}_search ({table}_search, rowid, text) SELECT 'delete', number, old.search_text FROM {table}_search_rows WHERE id = old.id;";
}
