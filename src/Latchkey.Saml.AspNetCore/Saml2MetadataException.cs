namespace Latchkey.Saml.AspNetCore;

/// <summary>The identity provider's metadata cannot be had or cannot be used.</summary>
public sealed class Saml2MetadataException : Exception
{
    /// <summary>Makes one with a sentence that says what is wrong.</summary>
    public Saml2MetadataException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
