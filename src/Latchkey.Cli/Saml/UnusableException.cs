namespace Latchkey.Cli.Saml;

/// <summary>The command cannot do its work with what it was given: one sentence for the user, exit code 2.</summary>
internal sealed class UnusableException(string sentence) : Exception(sentence);
