using Latchkey.Saml.Findings;
using Microsoft.AspNetCore.Authentication;

namespace Latchkey.Saml.AspNetCore;

/// <summary>A message was refused. It is the failure of <see cref="RemoteFailureContext"/>; its findings say why.</summary>
public sealed class Saml2ValidationException : AuthenticationFailureException
{
    /// <summary>Makes one from findings, at least one of which refuses the message.</summary>
    public Saml2ValidationException(IReadOnlyList<Finding> findings)
        : base(Describe(findings)) => Findings = findings;

    /// <summary>Everything that was found, warnings included, in the order of the rules. Values in it come from a stranger: encode them before showing.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    // Codes and titles only: the framework writes this message to the log, and the values are a stranger's.
    private static string Describe(IReadOnlyList<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        var refusals = findings
            .Where(f => f.Kind.Severity == Severity.Refusal)
            .Select(f => $"{f.Code}: {f.Kind.Title}");
        return "The SAML response was refused. " + string.Join(' ', refusals);
    }
}
