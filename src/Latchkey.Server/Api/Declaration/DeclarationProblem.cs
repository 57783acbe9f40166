using Latchkey.Server.Problems;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Something wrong in a declaration, with the line to look at.</summary>
internal sealed record DeclarationProblem(int Line, Problem Problem)
{
    public string Text(ITexts texts) => texts[$"problem.{Problem.Code}", [.. Problem.Args]];
}

/// <summary>Everything that is wrong, so that one look at the file can mend it all.</summary>
internal sealed class DeclarationProblems
{
    /// <summary>More would only be noise, and a stranger's file must not make an endless answer.</summary>
    public const int Most = 100;

    private readonly List<DeclarationProblem> _problems = [];

    public IReadOnlyList<DeclarationProblem> All => [.. _problems.OrderBy(p => p.Line)];

    public bool Any => _problems.Count > 0;

    public void Add(int line, string code, params object[] args) =>
        Add(line, new Problem(code, "", args));

    public void Add(int line, Problem problem)
    {
        if (_problems.Count < Most)
        {
            _problems.Add(new DeclarationProblem(line, problem));
        }
    }
}
