using System.Globalization;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;

namespace Latchkey.Server.Directory.Import;

/// <summary>Writes what is wrong down beside the import, as many as somebody would read.</summary>
internal static class ImportProblems
{
    public const int MostKept = 10_000;

    /// <summary>Adds a problem to what the caller saves.</summary>
    public static void Add(
        LatchkeyDbContext db,
        UserImport import,
        int line,
        string column,
        Problem problem
    )
    {
        import.Problems++;
        if (import.Problems > MostKept)
        {
            return;
        }
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
