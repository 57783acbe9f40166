using Latchkey.Server.Problems;

namespace Latchkey.Server.Directory.Import;

/// <summary>What rows said that only one may say. What a batch says counts for others only when the batch is behind us, since a batch may be tried again.</summary>
internal sealed class SeenRows
{
    private static readonly string[] s_fields = ["username", "email", "employee_identifier"];

    private readonly HashSet<(string Field, string Value)> _kept = [];
    private readonly HashSet<(string Field, string Value)> _batch = [];

    public void BeginBatch() => _batch.Clear();

    public void KeepBatch()
    {
        _kept.UnionWith(_batch);
        _batch.Clear();
    }

    public void Keep(ImportRow row) => _kept.UnionWith(Said(row));

    /// <summary>A problem for each field in which an earlier row says the same.</summary>
    public IEnumerable<Problem> Add(ImportRow row)
    {
        foreach (var said in Said(row))
        {
            if (_kept.Contains(said) || !_batch.Add(said))
            {
                yield return new Problem("import-twice", said.Field, said.Value);
            }
        }
    }

    /// <summary>In the form in which the directory compares it.</summary>
    private static IEnumerable<(string Field, string Value)> Said(ImportRow row)
    {
        foreach (var field in s_fields)
        {
            if (row.Text(field) is { } text)
            {
                yield return (
                    field,
                    field switch
                    {
                        "username" => UserRules.Normalize(text),
                        "email" => text.ToLowerInvariant(),
                        _ => text,
                    }
                );
            }
        }
    }
}
