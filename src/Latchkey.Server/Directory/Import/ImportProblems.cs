using System.Globalization;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;

namespace Latchkey.Server.Directory.Import;

/// <summary>Writes what is wrong down beside the import. Every row with a problem is there; beyond a number with its first problem alone, so that a file that is wrong from end to end cannot fill the database.</summary>
internal static class ImportProblems
{
    /// <summary>So many are kept whole.</summary>
    public const int MostWhole = 10_000;

    /// <summary>Adds what is wrong with a line to what the caller saves.</summary>
    public static void Add(
        LatchkeyDbContext db,
        UserImport import,
        int line,
        IReadOnlyList<(string Column, Problem Problem)> problems
    )
    {
        for (var i = 0; i < problems.Count; i++)
        {
            import.Problems++;
            if (i > 0 && import.Problems > MostWhole)
            {
                continue;
            }
            var (column, problem) = problems[i];
            db.UserImportProblems.Add(
                new UserImportProblem
                {
                    ImportId = import.Id,
                    Number = import.Problems,
                    Line = line,
                    ColumnName = column,
                    Code = problem.Code,
                    Args =
                    [
                        .. problem.Args.Select(a =>
                            Convert.ToString(a, CultureInfo.InvariantCulture) ?? ""
                        ),
                    ],
                }
            );
        }
    }

    /// <summary>Adds what is wrong with the whole file, or with the import.</summary>
    public static void Add(LatchkeyDbContext db, UserImport import, int line, Problem problem) =>
        Add(db, import, line, [("", problem)]);
}
