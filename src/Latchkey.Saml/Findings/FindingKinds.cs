namespace Latchkey.Saml.Findings;

/// <summary>Every finding there is, in one table.</summary>
public static partial class FindingKinds { }
