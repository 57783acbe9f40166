namespace Latchkey.Saml.Findings;

/// <summary>What a finding does to the message it was made about.</summary>
public enum Severity
{
    /// <summary>The message is accepted; an administrator should know.</summary>
    Warning,

    /// <summary>The message is refused.</summary>
    Refusal,
}
