namespace Latchkey.Saml.Protocol;

/// <summary>The wish for a way of authenticating (saml-core-2.0 §3.3.2.2.1).</summary>
/// <param name="ClassRefs">Authentication context classes, in order of preference.</param>
/// <param name="Comparison">How they are meant.</param>
public sealed record RequestedAuthnContext(
    IReadOnlyList<string> ClassRefs,
    AuthnContextComparison Comparison = AuthnContextComparison.Exact
)
{
    /// <summary>Whether a way of authenticating is what was wished for.</summary>
    /// <param name="classRef">The authentication context class of what was done.</param>
    /// <param name="weakestFirst">Classes in order of strength. One that is not in the list is neither stronger nor weaker than another: it can only be the same.</param>
    public bool Accepts(string classRef, IReadOnlyList<string> weakestFirst)
    {
        ArgumentNullException.ThrowIfNull(weakestFirst);
        int strength = StrengthOf(classRef);
        return Comparison switch
        {
            AuthnContextComparison.Exact => ClassRefs.Contains(classRef),
            AuthnContextComparison.Minimum => ClassRefs.Any(wish =>
                wish == classRef || IsWeaker(StrengthOf(wish), strength)
            ),
            AuthnContextComparison.Maximum => ClassRefs.Any(wish =>
                wish == classRef || IsWeaker(strength, StrengthOf(wish))
            ),
            AuthnContextComparison.Better => ClassRefs.Count > 0
                && ClassRefs.All(wish => IsWeaker(StrengthOf(wish), strength)),
            _ => false,
        };

        int StrengthOf(string one)
        {
            for (int i = 0; i < weakestFirst.Count; i++)
                if (weakestFirst[i] == one)
                    return i;
            return -1;
        }

        static bool IsWeaker(int one, int other) => one >= 0 && one < other;
    }
}

/// <summary>How requested authentication contexts are meant.</summary>
public enum AuthnContextComparison
{
    /// <summary>One of them.</summary>
    Exact,

    /// <summary>At least as strong.</summary>
    Minimum,

    /// <summary>At most as strong.</summary>
    Maximum,

    /// <summary>Stronger.</summary>
    Better,
}
