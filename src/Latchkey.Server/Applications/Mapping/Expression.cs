using Latchkey.Server.Problems;

namespace Latchkey.Server.Applications.Mapping;

/// <summary>
/// A text that makes values out of a user: <c>lower(email)</c>, <c>firstname + " " + lastname</c>,
/// <c>if(inGroup("Admins"), "admin", "user")</c>. Every value is a list of texts, most often of one; nothing is an
/// empty list. There are no loops, no calls to the outside and no patterns that could run long: what it costs is
/// bounded by <see cref="ExpressionBudget"/>. The language is described in docs/reference/expressions.md.
/// </summary>
internal sealed class Expression
{
    public const int MaxLength = 2000;
    public const int MaxNodes = 200;
    public const int MaxDepth = 20;

    private readonly ExpressionNode _root;

    private Expression(ExpressionNode root, ExpressionNeeds needs) =>
        (_root, Needs) = (root, needs);

    /// <summary>What has to be known of a user beyond their own row.</summary>
    public ExpressionNeeds Needs { get; }

    /// <summary>Reads an expression.</summary>
    /// <param name="text">The text.</param>
    /// <param name="where">The field, for problems. Their texts name the column, counted from 1.</param>
    public static Outcome<Expression> Parse(string text, string where)
    {
        if (text.Length > MaxLength)
        {
            return new Problem("expression-too-long", where, MaxLength);
        }
        try
        {
            var parser = new ExpressionParser(text);
            var root = parser.Read();
            return new Expression(root, parser.Needs);
        }
        catch (ExpressionException e)
        {
            return new Problem(e.Code, where, [e.Column, .. e.Args]);
        }
    }

    /// <summary>The values for a user; empty texts are left out.</summary>
    /// <returns>Null when it would cost more than is allowed.</returns>
    public IReadOnlyList<string>? Evaluate(UserFacts facts)
    {
        try
        {
            var values = _root.Evaluate(new ExpressionBudget(facts));
            return [.. values.Where(value => value.Length > 0)];
        }
        catch (ExpressionTooCostlyException)
        {
            return null;
        }
    }
}

/// <summary>What expressions use beyond the user's own row.</summary>
[Flags]
internal enum ExpressionNeeds
{
    None = 0,
    Manager = 1,

    /// <summary>Every group of the user, also those that give no access.</summary>
    AllGroups = 2,
    Pseudonym = 4,

    /// <summary>What the user has from groups as custom attributes (J-34).</summary>
    GroupAttributes = 8,

    /// <summary>The custom attributes of each group that gives access.</summary>
    AccessAttributes = 16,
}

/// <summary>One step of an expression.</summary>
/// <param name="IsConstant">Whether it is the same for every user.</param>
/// <param name="Evaluate">Makes its values.</param>
internal sealed record ExpressionNode(
    bool IsConstant,
    Func<ExpressionBudget, IReadOnlyList<string>> Evaluate
);

/// <summary>Counts what one evaluation costs.</summary>
internal sealed class ExpressionBudget(UserFacts facts)
{
    /// <summary>Characters of all results of all steps together.</summary>
    private const int MaxCharacters = 256 * 1024;

    private const int MaxValues = 10_000;

    private int _characters;
    private int _values;

    public UserFacts Facts => facts;

    /// <summary>Takes what a step made into account.</summary>
    public IReadOnlyList<string> Spend(IReadOnlyList<string> values)
    {
        _values += values.Count;
        foreach (var value in values)
        {
            _characters += value.Length;
        }
        return _values > MaxValues || _characters > MaxCharacters
            ? throw new ExpressionTooCostlyException()
            : values;
    }
}

/// <summary>An expression that cannot be read; never leaves <see cref="Expression"/>.</summary>
internal sealed class ExpressionException(string code, int column, params object[] args) : Exception
{
    public string Code => code;

    public int Column => column;

    public object[] Args => args;
}

/// <summary>An evaluation that costs too much; never leaves <see cref="Expression"/>.</summary>
internal sealed class ExpressionTooCostlyException : Exception;
